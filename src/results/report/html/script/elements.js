// Elements are made here, and what stands in them is always text: nothing from the data can become
// markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const inner of children) {
    if (inner !== null && inner !== undefined && inner !== "") element.append(inner);
  }
  return element;
}

function make(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function draw(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function button(label, attributes, ...more) {
  return make("button", { type: "button", ...attributes }, label, ...more);
}

// A list to choose from, with the choice that is made.
function choice(label, name, options, chosen) {
  const list = options.map(([value, said]) => make("option", { value, selected: String(value) === String(chosen) }, said));
  return make("label", {}, label + " ", make("select", { name }, ...list));
}

function definition(list, name, said) {
  if (said) list.append(make("dt", {}, name), make("dd", {}, said));
}
