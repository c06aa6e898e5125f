// What is wider than its place can be scrolled with the keys too.
const reach = () => {
  for (const wide of document.querySelectorAll("pre > code, .md-typeset__scrollwrap, .md-typeset__table"))
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0
}
// The theme gives each block of code a landmark of its own, all with the same name.
const plain = () => document.querySelectorAll("nav.md-code__nav").forEach(one => one.setAttribute("role", "none"))
// On a narrow screen the search is opened by a label, which has no name and is not reached by the keys.
for (const label of document.querySelectorAll('.md-header label[for="__search"]')) {
  const button = Object.assign(document.createElement("button"), { type: "button" })
  button.className = `${label.className} search-button`
  button.ariaLabel = document.documentElement.lang == "nb" ? "Søk" : "Search"
  button.append(...label.childNodes)
  button.addEventListener("click", () => document.getElementById("__search").click())
  label.replaceWith(button)
}
addEventListener("resize", reach)
addEventListener("load", reach)
new MutationObserver(plain).observe(document.body, { childList: true, subtree: true })
plain()
