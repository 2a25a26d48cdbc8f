(() => {
  const form = document.getElementById("filter");
  const text = document.getElementById("filter-text"), standing = document.getElementById("filter-standing");
  const told = document.getElementById("filter-told");
  const rows = [...document.querySelectorAll("#matrix tbody tr")];
  const subjects = [...document.querySelectorAll(".subjects > li")];
  const groups = [...document.querySelectorAll(".findings > li, .kept"), ...document.querySelectorAll(".check")];
  const holds = (each, words) => !words || each.textContent.toLowerCase().includes(words);
  const apply = () => {
    const words = text.value.trim().toLowerCase(), wanted = standing.value;
    let left = 0;
    for (const row of rows) {
      row.hidden = !holds(row, words) || (wanted !== "" && !row.dataset.standing.split(" ").includes(wanted));
      left += row.hidden ? 0 : 1;
    }
    for (const each of subjects) {
      const own = each.closest("[data-standing]").dataset.standing;
      each.hidden = !holds(each, words) || (wanted !== "" && own !== wanted);
    }
    for (const each of groups) each.hidden = !each.querySelector(".subjects > li:not([hidden])");
    told.textContent = words || wanted ? `${left} of ${rows.length} rows, and what concerns them below` : "";
  };
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (target) target.scrollIntoView();
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", open);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  open();
})();
