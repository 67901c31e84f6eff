import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { commands, type ExtensionContext, type OutputChannel, Uri, env, window, workspace } from "vscode";
import { CloseAction, ErrorAction, type ErrorHandler, LanguageClient } from "vscode-languageclient/node";

const INSTALL = "https://patternlint.github.io/patternlint/editors/";
const REPOSITORY = "https://github.com/patternlint/patternlint";
const IS_WINDOWS = process.platform === "win32";

/** A client that shows no messages of its own about a server that does not start. */
class Client extends LanguageClient {
  hasStarted = false;

  override error(message: string, data?: unknown, showNotification?: boolean | "force"): void {
    super.error(message, data, this.hasStarted ? showNotification : false);
  }
}

let client: Client | undefined;
let log: OutputChannel | undefined;

/** Return the path of a program in a folder, or undefined if it is not there. */
function programIn(folder: string, name: string): string | undefined {
  const path = join(folder, IS_WINDOWS ? `${name}.exe` : name);
  return existsSync(path) ? path : undefined;
}

/** Return the path of a program on `PATH`, or undefined. */
function programOnPath(name: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const found = folder && programIn(folder, name);
    if (found) return found;
  }
  return undefined;
}

/** Return the command that starts the server: that of the settings, of a virtual environment, on `PATH`, or `uvx`. */
function serverCommand(version: string): string[] | undefined {
  const configured = workspace.getConfiguration("patternlint").get<string[]>("command", []);
  if (configured.length > 0) return configured;
  for (const folder of workspace.workspaceFolders ?? []) {
    for (const name of [".venv", "venv"]) {
      const found = programIn(join(folder.uri.fsPath, name, IS_WINDOWS ? "Scripts" : "bin"), "patternlint");
      if (found) return [found, "server"];
    }
  }
  const found = programOnPath("patternlint");
  if (found) return [found, "server"];
  const uvx = programOnPath("uvx");
  return uvx ? [uvx, "--from", `patternlint[lsp] @ git+${REPOSITORY}@v${version}`, "patternlint", "server"] : undefined;
}

/** Show an error with a button that does something about it. */
async function showError(message: string, button: string, act: () => unknown): Promise<void> {
  if ((await window.showErrorMessage(`patternlint: ${message}`, button)) === button) await act();
}

function showInstallation(): Thenable<boolean> {
  return env.openExternal(Uri.parse(INSTALL));
}

/** Start the server; show one message if it does not start. */
async function start(version: string): Promise<void> {
  const [command, ...args] = serverCommand(version) ?? [];
  if (command === undefined) {
    await showError("the command `patternlint` was not found", "How to Install", showInstallation);
    return;
  }
  const options = { cwd: workspace.workspaceFolders?.[0]?.uri.fsPath };
  const settings = workspace.getConfiguration("patternlint");
  let restarting: ErrorHandler | undefined; // only a server that has started is started again
  const fresh = new Client(
    "patternlint",
    "patternlint",
    { command, args, options },
    {
      initializationOptions: {
        scope: settings.get<string>("scope", "open"),
        keepAlias: settings.get<boolean>("keepAlias", false),
      },
      documentSelector: ["markdown", "mdx"].map((language) => ({ scheme: "file", language })),
      outputChannel: log,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (error, message, count) => restarting?.error(error, message, count) ?? { action: ErrorAction.Shutdown, handled: true },
        closed: () => restarting?.closed() ?? { action: CloseAction.DoNotRestart, handled: true },
      },
    },
  );
  client = fresh;
  try {
    await fresh.start();
    fresh.hasStarted = true;
    restarting = fresh.createDefaultErrorHandler();
  } catch {
    await showError(`\`${command}\` did not start`, "Show Log", () => log?.show());
  }
}

/** Return the URI of the open file, else of the first folder. */
function currentUri(): string {
  const uri = window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
  return uri?.toString() ?? "";
}

/** Run a command of the server, and show why it fails. */
async function runOnServer(command: string, ...args: string[]): Promise<void> {
  if (!client?.isRunning()) {
    await showError("the server is not running", "Show Log", () => log?.show());
    return;
  }
  try {
    await client.sendRequest("workspace/executeCommand", { command: `patternlint.${command}`, arguments: args });
  } catch (error) {
    await window.showErrorMessage(`patternlint: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Ask for a title, and create a pattern beside the open file. */
async function createPattern(): Promise<void> {
  const title = await window.showInputBox({ prompt: "Title of the new pattern" });
  if (title) await runOnServer("newPattern", currentUri(), title);
}

/** Start the server in trusted folders only: a library can contain its own rules, which are code. */
export async function activate(context: ExtensionContext): Promise<void> {
  const version = String(context.extension.packageJSON.version);
  const restart = async () => {
    await deactivate();
    if (workspace.isTrusted) await start(version);
  };
  log = window.createOutputChannel("patternlint");
  context.subscriptions.push(
    log,
    commands.registerCommand("patternlint.restart", restart),
    commands.registerCommand("patternlint.check", () => runOnServer("checkLibrary", currentUri())),
    commands.registerCommand("patternlint.new", createPattern),
    commands.registerCommand("patternlint.report", () => runOnServer("writeReport", currentUri())),
    commands.registerCommand("patternlint.showLog", () => log?.show()),
    commands.registerCommand("patternlint.showSettings", () =>
      commands.executeCommand("workbench.action.openSettings", "@ext:patternlint.patternlint"),
    ),
    workspace.onDidGrantWorkspaceTrust(restart),
    workspace.onDidChangeConfiguration((change) => (change.affectsConfiguration("patternlint") ? restart() : undefined)),
  );
  await restart();
}

/** Stop the server. */
export async function deactivate(): Promise<void> {
  const old = client;
  client = undefined;
  if (old?.isRunning()) await old.stop();
}
