// Runs the program beside the page, so that the page stays at hand while it works.
let compiled = null;
let program = null;

// Makes the program anew: after a panic its memory is not to be trusted.
async function start() {
  program = (await WebAssembly.instantiate(compiled, {})).exports;
}

function said() {
  const bytes = new Uint8Array(program.memory.buffer, program.said_at(), program.said_length());
  return new TextDecoder().decode(bytes);
}

function answer(question) {
  const bytes = new TextEncoder().encode(question);
  const at = program.room(bytes.length);
  new Uint8Array(program.memory.buffer, at, bytes.length).set(bytes);
  program.answer();
  return JSON.parse(said());
}

async function take({ data }) {
  if (data.program) {
    compiled = await WebAssembly.compile(data.program);
    await start();
    postMessage({ ready: true });
    return;
  }
  let told;
  try {
    told = { number: data.number, answer: answer(data.question) };
  } catch (error) {
    let why = String(error);
    if (error instanceof WebAssembly.RuntimeError) why = said() || why;
    await start();
    told = { number: data.number, internal: why };
  }
  postMessage(told);
}

// One after the other: a question may come while the program starts anew.
let turn = Promise.resolve();
onmessage = (event) => {
  turn = turn.then(() => take(event)).catch((error) => postMessage({ broken: String(error) }));
};
