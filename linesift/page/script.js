
"use strict";
// Labels follow the threshold, but for the lines that the reader has corrected.

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
let threshold;

function byScore(line) {
  return Number(line.dataset.score) >= threshold ? "noise" : "article";
}

function show(line) {
  line.dataset.label = line.dataset.corrected || byScore(line);
  line.setAttribute("aria-checked", String(line.dataset.label === "article"));
}

function flip(line) {
  const other = line.dataset.label === "noise" ? "article" : "noise";
  if (other === byScore(line)) delete line.dataset.corrected;
  else line.dataset.corrected = other;
  show(line);
  count();
}

function counts(lines) {
  const kept = lines.filter((line) => line.dataset.label === "article");
  const words = (some) => some.reduce((sum, line) => sum + Number(line.dataset.words), 0);
  const share = words(lines) ? Math.round((100 * words(kept)) / words(lines)) : 0;
  const corrected = lines.filter((line) => line.dataset.corrected).length;
  return (
    `lines kept: ${kept.length}, removed: ${lines.length - kept.length}; article: ${share}% of the words` +
    (corrected ? `; corrected: ${corrected}` : "")
  );
}

function count() {
  document.getElementById("totals").textContent = counts(all(".line"));
  for (const section of all("section")) {
    section.querySelector(".counts").textContent = counts(all(".line", section));
  }
}

function setThreshold(value) {
  threshold = value;
  document.getElementById("threshold").value = value;
  document.getElementById("chosen").textContent = String(value);
  for (const button of all("[data-mode]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.mode) === value));
  }
  all(".line").forEach(show);
  count();
}

function rowOf(section) {
  return JSON.parse(section.querySelector("script").textContent);
}

// The lines as they stood: HTML cannot hold a few characters, so lines with these are beside the row.
function linesOf(section) {
  const { exact } = rowOf(section);
  return all(".line > p, .blank", section).map((p, index) => exact[index + 1] ?? p.textContent);
}

function labelsOf(section) {
  return all(".line, .blank", section).map((line) => line.dataset.label || null);
}

function articleOf(section) {
  const labels = labelsOf(section);
  return linesOf(section)
    .filter((_, index) => labels[index] !== "noise")
    .join("\n");
}

function labelledRow(section) {
  const codes = { article: 1, noise: 0 };
  const labels = labelsOf(section).map((label) => codes[label] ?? null);
  const places = all(".line, .blank", section);
  const corrected = places.flatMap((line, index) => (line.dataset.corrected ? [index + 1] : []));
  return JSON.stringify({ ...rowOf(section).row, lines: linesOf(section), labels, corrected }) + "\n";
}

function save(sections) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(sections.map(labelledRow), { type: "application/jsonl" }));
  link.download = "labelled.jsonl";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers that hold a file to be an insecure place have the old way only.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy article"), 5000);
}

function onKey(event) {
  const line = event.target.closest(".line");
  if (!line) return;
  const lines = all(".line");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) lines[lines.indexOf(line) + step]?.focus();
  else if (event.key === "Enter" || event.key === " ") flip(line);
  else if (event.key === "Escape") line.blur();
  else return;
  event.preventDefault();
}

function onClick(event) {
  const { target } = event;
  const section = target.closest("section");
  const line = target.closest(".line");
  if (target.dataset.mode) setThreshold(Number(target.dataset.mode));
  else if (target.id === "save-all") save(all("section"));
  else if (target.classList.contains("copy")) copy(target, articleOf(section));
  else if (target.classList.contains("save")) save([section]);
  else if (line && getSelection().isCollapsed) flip(line); // marking text to copy it is no click
}

document.addEventListener("DOMContentLoaded", () => {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  const slider = document.getElementById("threshold");
  slider.addEventListener("input", () => setThreshold(Number(slider.value)));
  const single = all("section").length < 2;
  all("#save-all, .counts").forEach((part) => (part.hidden = single)); // what one document has already
  all("header, .tools").forEach((tools) => (tools.hidden = false));
  setThreshold(Number(document.body.dataset.threshold));
});
