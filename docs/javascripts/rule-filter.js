// Adds a filter to the tables of the rule index. Without JavaScript the page shows all rules.
"use strict";

function addRuleFilter() {
  const article = document.querySelector("article");
  const title = article && article.querySelector("h1");
  if (!title || !title.textContent.startsWith("Rules") || document.getElementById("rule-filter")) return;

  const groups = [...article.querySelectorAll("h2")].map((heading) => {
    const parts = [heading];
    let next = heading.nextElementSibling;
    while (next && next.tagName !== "H2") {
      parts.push(next);
      next = next.nextElementSibling;
    }
    const rows = parts.flatMap((part) => [...part.querySelectorAll("tbody tr")]);
    return { name: heading.firstChild.textContent.trim(), parts, rows };
  }).filter((group) => group.rows.length);
  if (!groups.length) return;

  const form = document.createElement("form");
  form.id = "rule-filter";
  form.className = "rule-filter";
  form.addEventListener("submit", (event) => event.preventDefault());

  const text = document.createElement("input");
  text.type = "search";
  text.placeholder = "Filter rules";
  text.setAttribute("aria-label", "Filter rules by text");
  form.append(text);

  const select = (label, values) => {
    const element = document.createElement("select");
    element.setAttribute("aria-label", `Filter rules by ${label}`);
    element.append(new Option(`any ${label}`, ""), ...values.map((value) => new Option(value, value)));
    form.append(element);
    return element;
  };
  const group = select("group", groups.map((one) => one.name));
  const level = select("level", ["error", "warning", "info", "off"]);
  const fix = select("fix", ["safe", "unsafe", "no fix"]);

  const count = document.createElement("output");
  form.append(count);

  const hasFix = (cell) =>
    !fix.value || (fix.value === "no fix" ? cell === "" : cell.split(" or ").includes(fix.value));
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let total = 0;
    for (const { name, parts, rows } of groups) {
      let visible = 0;
      for (const row of rows) {
        const cells = [...row.cells].map((cell) => cell.textContent.trim());
        const content = cells.join(" ").toLowerCase();
        row.hidden = !(
          (!group.value || group.value === name) &&
          (!level.value || cells[2] === level.value) &&
          hasFix(cells[3]) &&
          words.every((word) => content.includes(word))
        );
        visible += row.hidden ? 0 : 1;
      }
      for (const part of parts) {
        const wrapper = part.closest(".md-typeset__scrollwrap"); // the theme adds it to tables later
        (wrapper || part).hidden = visible === 0;
      }
      total += visible;
    }
    count.textContent = total === 1 ? "1 rule" : `${total} rules`;
  };
  form.addEventListener("input", apply);
  article.querySelector("h2").before(form);
  apply();
}

addRuleFilter();
