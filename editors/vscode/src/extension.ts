import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { commands, type ExtensionContext, Uri, env, window, workspace } from "vscode";
import { LanguageClient, type ServerOptions } from "vscode-languageclient/node";

const INSTALL = "https://patternlint.github.io/patternlint/editors/";
const IS_WINDOWS = process.platform === "win32";

let client: LanguageClient | undefined;

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
function serverCommand(): string[] | undefined {
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
  return uvx ? [uvx, "--from", "patternlint[lsp]", "patternlint", "server"] : undefined;
}

/** Start the server; show one message if its command is not found. */
async function start(): Promise<void> {
  const [command, ...args] = serverCommand() ?? [];
  if (command === undefined) {
    const show = "How to Install";
    const answer = await window.showErrorMessage("The command `patternlint` was not found.", show);
    if (answer === show) await env.openExternal(Uri.parse(INSTALL));
    return;
  }
  const run = { command, args, options: { cwd: workspace.workspaceFolders?.[0]?.uri.fsPath } };
  const server: ServerOptions = { run, debug: run };
  client = new LanguageClient("patternlint", "patternlint", server, {
    initializationOptions: {
      scope: workspace.getConfiguration("patternlint").get<string>("scope", "open"),
      keepAlias: workspace.getConfiguration("patternlint").get<boolean>("keepAlias", false),
    },
    documentSelector: ["markdown", "mdx"].map((language) => ({ scheme: "file", language })),
  });
  await client.start();
}

/** Return the URI of the open file, else of the first folder. */
function currentUri(): string {
  const uri = window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
  return uri?.toString() ?? "";
}

/** Run a command of the server, and show why it fails. */
async function runOnServer(command: string, ...args: string[]): Promise<void> {
  try {
    await client?.sendRequest("workspace/executeCommand", { command: `patternlint.${command}`, arguments: args });
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
  context.subscriptions.push(
    commands.registerCommand("patternlint.restart", async () => {
      await deactivate();
      await start();
    }),
    commands.registerCommand("patternlint.check", () => runOnServer("checkLibrary", currentUri())),
    commands.registerCommand("patternlint.new", createPattern),
    commands.registerCommand("patternlint.report", () => runOnServer("writeReport", currentUri())),
    commands.registerCommand("patternlint.showLog", () => client?.outputChannel.show()),
    workspace.onDidGrantWorkspaceTrust(start),
  );
  if (workspace.isTrusted) await start();
}

/** Stop the server. */
export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
