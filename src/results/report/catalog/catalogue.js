(function () {
  "use strict";
  const one = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll("#indicators tbody tr")];
  const boxes = { otherwise: (row) => row.dataset.approval === "bad", due: (row) => "due" in row.dataset };
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const texts = rows.map((row) => plain(row.dataset.words));
  function search() {
    const words = plain(one("words").value).split(/\s+/).filter(Boolean);
    const asked = Object.keys(boxes).filter((id) => one(id) && one(id).checked);
    let found = 0;
    rows.forEach((row, number) => {
      const shown = words.every((word) => texts[number].includes(word)) && asked.every((id) => boxes[id](row));
      row.hidden = !shown;
      found += shown ? 1 : 0;
    });
    one("found").textContent = found === 1 ? "1 indicator" : found + " indicators";
  }
  one("search").hidden = false;
  one("search").addEventListener("input", search);
  one("search").addEventListener("submit", (event) => event.preventDefault());
  search();
  document.documentElement.dataset.ready = "yes";
})();
