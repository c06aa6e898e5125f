// What is wider than its place can be scrolled with the keys too.
const reach = () => {
  for (const wide of document.querySelectorAll("pre > code, .md-typeset__scrollwrap, .md-typeset__table"))
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0
}
// The theme gives each block of code a landmark of its own, all with the same name.
const plain = () => document.querySelectorAll("nav.md-code__nav").forEach(one => one.setAttribute("role", "none"))
addEventListener("resize", reach)
addEventListener("load", reach)
new MutationObserver(plain).observe(document.body, { childList: true, subtree: true })
plain()
