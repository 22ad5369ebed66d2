// Opens pages in Firefox over WebDriver BiDi, waits for Ready and prints what the page then says.
// usage: node firefox.mjs FIREFOX NODE_MODULES LISTENER URL...   one line of JSON for each URL
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [firefox, modules, listener, ...addresses] = process.argv.slice(2);
const entry = path.join(modules, "puppeteer-core", "lib", "esm", "puppeteer", "puppeteer-core.js");
const { default: puppeteer } = await import(pathToFileURL(entry).href);

const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true });
try {
  for (const address of addresses) {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(
      () => document.querySelector('[data-testid="boot-status"]')?.textContent?.includes("Ready"),
      { timeout: 180_000, polling: 100 },
    );
    const seen = await page.evaluate(async (target) => {
      const shut = await window.networkIsShut();
      const fetched = await fetch(target).then(() => "open", () => "refused");
      const sample = await window.bridge.call("sample");
      const file = new File([sample.buffers[0]], "slice");
      const frame = await window.bridge.call("frame", { instance: "a", frame_index: 0 }, file);
      const stages = window.seen.map((stage) => stage.split(" ")[0]);
      return { shut, fetched, stages, frame: [frame.result.rows * frame.result.columns, frame.buffers.length] };
    }, listener);
    console.log(JSON.stringify(seen));
    await page.close();
  }
} finally {
  await browser.close();
}
