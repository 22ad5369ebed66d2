// Links the page of the single file: makes a Blob URL of each module, those it imports first.
// The build put the modules into #veil-modules as [name, text] in loading order, with "veil:NAME"
// for each specifier; the last one is the entry. The URLs live as long as the page.
{
  const place = document.getElementById("veil-modules");
  const urls = new Map();
  for (const [name, text] of JSON.parse(place.textContent)) {
    const linked = text.replace(/"veil:([^"]+)"/g, (_, path) => JSON.stringify(urls.get(path)));
    urls.set(name, URL.createObjectURL(new Blob([linked], { type: "text/javascript" })));
  }
  place.remove();
  import([...urls.values()].pop());
}
