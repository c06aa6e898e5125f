// The search of the theme is in English, and on some backgrounds too pale to be read.
const WORDS = {
  "Search": "Søk",
  "Close search": "Lukk søket",
  "Search results": "Treff",
  "Loading search…": "Søket starter …",
  "No results": "Ingen treff",
  "Search is unavailable. Reload the page to try again.": "Søket virker ikke. Last siden på nytt.",
}
const STYLE = `
  menu li, [role=status] { color: rgb(var(--color-foreground) / .75) }
  [aria-controls$="filters"] { display: none }
`
const inNorwegian = text => WORDS[text] ?? text.replace(/^([\d,]+) results?$/, "$1 treff")

function change(search) {
  // A name that differs from what is to be read (WCAG 2.1, 2.5.3).
  for (const found of search.querySelectorAll("[role=option][aria-labelledby]"))
    found.removeAttribute("aria-labelledby")
  if (document.documentElement.lang != "nb") return
  for (const named of search.querySelectorAll("[aria-label], [placeholder]"))
    for (const name of ["aria-label", "placeholder"])
      if (named.getAttribute(name) in WORDS) named.setAttribute(name, WORDS[named.getAttribute(name)])
  for (const text of search.querySelector("[role=status]")?.childNodes ?? [])
    if (inNorwegian(text.data) != text.data) text.data = inNorwegian(text.data)
}

function begin() {
  const search = [...document.querySelectorAll("body > *")].find(one => one.shadowRoot)?.shadowRoot
  if (!search) return
  body.disconnect()
  search.append(Object.assign(document.createElement("style"), { textContent: STYLE }))
  new MutationObserver(() => change(search)).observe(search, {
    attributes: true, characterData: true, childList: true, subtree: true,
  })
  change(search)
}

const body = new MutationObserver(begin)
body.observe(document.body, { childList: true })
begin()
