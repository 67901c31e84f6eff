-- Opens a file in Neovim, which the configuration attaches to the server, edits it, completes, renames, and prints what it sees as JSON.

local file = vim.env.TEST_FILE
local seen = {}

local function wait(what, is_true)
  if not vim.wait(60000, is_true, 50) then
    error("timeout: " .. what)
  end
end

local function codes()
  return vim.tbl_map(function(one) return one.code end, vim.diagnostic.get(0))
end

vim.cmd("edit " .. vim.fn.fnameescape(file))
local get_clients = vim.lsp.get_clients or function(filter) return vim.lsp.buf_get_clients(filter.bufnr) end
wait("a client", function() return next(get_clients({ bufnr = 0 })) ~= nil end)
local _, found = next(get_clients({ bufnr = 0 }))
local client = found.id
wait("findings", function() return vim.tbl_contains(codes(), "dangling-target") end)
seen.before = codes()

local line = vim.fn.search("neighbourhood-assemblage")
local text = vim.fn.getline(line)
local column = text:find("neighbourhood") - 1
seen.range = vim.diagnostic.get(0, { lnum = line - 1 })[1].col == column

vim.fn.setline(line, (text:gsub("neighbourhood%-assemblage", "assem")))
local at = { textDocument = vim.lsp.util.make_text_document_params(0), position = { line = line - 1, character = column + 5 } }
local menu = vim.lsp.buf_request_sync(0, "textDocument/completion", at, 60000)[client].result
seen.completed = menu.items[1].textEdit.newText

vim.fn.setline(line, (text:gsub("neighbourhood%-assemblage", seen.completed)))
wait("no finding", function() return not vim.tbl_contains(codes(), "dangling-target") end)
seen.after = codes()

local renamed = vim.tbl_extend("force", at, { newName = "town-assembly" })
local edit = vim.lsp.buf_request_sync(0, "textDocument/rename", renamed, 60000)[client].result
vim.lsp.util.apply_workspace_edit(edit, "utf-16")
vim.cmd("silent wall")
io.stdout:write("\n" .. vim.json.encode(seen) .. "\n")
vim.cmd("qall!")
