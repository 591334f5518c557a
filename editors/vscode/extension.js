// The extension: starts the language server, and shows what a test came to.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const RUN_TESTS = "yardstick.runTests";

/** @type {LanguageClient | undefined} */
let client;
/** @type {vscode.OutputChannel | undefined} */
let output;

/** The program that serves, with its arguments: `yardstick-lsp` takes none. */
function server() {
  const command = vscode.workspace.getConfiguration("yardstick").get("server") || "yardstick";
  const alone = /yardstick-lsp(\.exe)?$/.test(command);
  return { command, args: alone ? [] : ["lsp"], transport: TransportKind.stdio };
}

/** Shows what the tests came to: in a line, and in full when one of them failed. */
async function show(answer) {
  if (!answer || !output) {
    return;
  }
  if (answer.failed === 0) {
    vscode.window.setStatusBarMessage(`$(check) ${answer.summary}`, 8000);
    return;
  }
  output.clear();
  output.append(answer.text);
  const chosen = await vscode.window.showWarningMessage(answer.summary, "Show");
  if (chosen) {
    output.show(true);
  }
}

async function start() {
  const options = {
    documentSelector: [{ language: "yardstick" }],
    outputChannel: output,
    middleware: {
      // The lens runs the tests in the server, and what they came to is shown here.
      async executeCommand(command, args, next) {
        const answer = await next(command, args);
        if (command === RUN_TESTS) {
          await show(answer);
        }
        return answer;
      },
    },
  };
  client = new LanguageClient("yardstick", "Yardstick", server(), options);
  try {
    await client.start();
  } catch (problem) {
    vscode.window.showErrorMessage(
      `The program \`${server().command}\` could not be started: ${problem.message}. Name it in the setting \`yardstick.server\`.`,
    );
  }
}

async function activate(context) {
  output = vscode.window.createOutputChannel("Yardstick");
  context.subscriptions.push(output);
  const restart = async () => {
    await client?.stop();
    await start();
  };
  context.subscriptions.push(vscode.commands.registerCommand("yardstick.restart", restart));
  await start();
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate };
