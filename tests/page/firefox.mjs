// Does a short job in Firefox over WebDriver BiDi and prints what came of it as JSON.
// usage: node firefox.mjs FIREFOX NODE_MODULES JOB, where JOB is JSON:
//   {address, files, text, window: {center, width}, downloads, elsewhere}
//   or {address, files, exports: [name of a format], downloads}: the first file, by the export dialog
//   or {address, files, frames: [number from 1], local: name of a host that is this machine}: of the first file
// prints {states, pictures: [{width, height, rgb}], windowed, texts, fetched, downloads: [name]}
//   or {said: [what the dialog says of each export], downloads}
//   or {secure: whether the page has WebCodecs, pictures: [{width, height, rgb}], trouble: what is said instead}
import { readdir } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [firefox, modules, json] = process.argv.slice(2);
const job = JSON.parse(json);
const entry = path.join(modules, "puppeteer-core", "lib", "esm", "puppeteer", "puppeteer-core.js");
const { default: puppeteer } = await import(pathToFileURL(entry).href);
const PATIENCE = { timeout: 180_000, polling: 50 };
const hook = (name) => `[data-testid="${name}"]`;

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
  extraPrefsFirefox: {
    ...(job.local && { "network.dns.localDomains": job.local }),
    "browser.download.folderList": 2,
    "browser.download.dir": job.downloads,
    "browser.download.useDownloadDir": true,
    "browser.download.always_ask_before_handling_new_types": false,
    "browser.helperApps.neverAsk.saveToDisk": "application/dicom,application/zip,image/png,video/mp4,video/webm",
  },
});

/** Shows the instance of this number and gives what is on the canvas. */
async function picture(page, number) {
  const key = `i${number}`;
  await page.click(`${hook("instance-list")} > [data-key="${key}"]`);
  await page.waitForSelector(`${hook("viewer-canvas")}[data-shown="${key}/0"]:not([data-stale])`, PATIENCE);
  return canvas(page);
}

const canvas = (page) => page.evaluate(() => {
  const canvas = document.querySelector('[data-testid="viewer-canvas"]');
  const { width, height } = canvas;
  const rgba = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3) rgb.set(rgba.subarray(i, i + 3), j);
  return { width, height, rgb: rgb.toBase64() };
});

/** Types a number as a person does: the old one is selected and replaced. */
async function type(page, name, value) {
  await page.focus(hook(name));
  await page.$eval(hook(name), (input) => input.select());
  await page.keyboard.type(String(value));
  await page.keyboard.press("Enter");
}

/** Presses a button that saves one file; resolves when the folder holds `count` whole files. */
async function save(page, name, count) {
  const asks = await page.$eval(hook(name), (button) => button.getAttribute("aria-haspopup") === "dialog");
  await page.click(hook(name));
  if (asks && name === "deidentify") await page.click(hook("unchecked-without"));
  await held(count, name);
}

async function held(count, name) {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    const names = await readdir(job.downloads);
    if (names.length === count && !names.some((one) => one.endsWith(".part"))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing was saved by ${name}`);
}

/** What is found in the pixels of one more file, once the others are gone. */
async function texted(page) {
  await page.click(hook("clear-all"));
  const input = await page.waitForSelector(hook("file-input"), PATIENCE);
  await input.uploadFile(job.text);
  await page.waitForSelector("[data-state=ready]", PATIENCE);
  await page.click("[data-state=ready]");
  await page.click(hook("pixels-open"));
  await page.waitForSelector("[data-status=scanned], [data-status=missing]", { timeout: 400_000 });
  return page.$$eval(".mark-card b", (all) => all.map((one) => one.textContent));
}

/** All frames of the instance, by the export dialog; what it says when it is done. */
async function exported(page, name, count) {
  await page.click(hook("export-more"));
  await page.waitForSelector(`${hook("export-dialog")}[open]`, PATIENCE);
  await page.click(hook("export-what-instance"));
  await page.waitForSelector(`${hook(`export-as-${name}`)}:not(:disabled)`, PATIENCE);
  await page.click(`label:has(> ${hook(`export-as-${name}`)})`);
  await page.waitForSelector(`${hook("export-save")}:not(:disabled)`, PATIENCE);
  await save(page, "export-save", count);
  await page.waitForFunction((outcome) => document.querySelector(outcome).textContent, PATIENCE, hook("export-outcome"));
  const said = await page.$eval(hook("export-outcome"), (outcome) => outcome.textContent);
  await page.keyboard.press("Escape");
  return said;
}

/** The page with the files in it. */
async function opened() {
  const page = await browser.newPage();
  await page.goto(job.address);
  const input = await page.waitForSelector(hook("file-input"), PATIENCE);
  await input.uploadFile(...job.files);
  await page.waitForFunction(() => document.querySelector('[data-testid="boot-status"]').textContent === "Ready", PATIENCE);
  await page.waitForFunction(
    (count) => document.querySelectorAll("[data-state=ready], [data-state=quarantined]").length === count,
    PATIENCE, job.files.length,
  );
  return page;
}

try {
  const page = await opened();
  if (job.exports) {
    await picture(page, 1);
    const said = [];
    for (const [at, name] of job.exports.entries()) said.push(await exported(page, name, at + 1));
    console.log(JSON.stringify({ said, downloads: await readdir(job.downloads) }));
  } else if (job.frames) console.log(JSON.stringify(await film(page)));
  else console.log(JSON.stringify(await whole(page)));
} finally {
  await browser.close();
}

/** Frames of a film, in this order, or what is said where there are none. */
async function film(page) {
  const secure = await page.evaluate(() => typeof VideoDecoder !== "undefined");
  await page.click(`${hook("instance-list")} > [data-key="i1"]`);
  const pictures = [];
  for (const number of job.frames) {
    await page.$eval(hook("frame-index"), (input, value) => {
      input.value = value;
      for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
    }, String(number));
    const wanted = `${hook("viewer-canvas")}[data-shown="i1/${number - 1}"]:not([data-stale])`;
    const there = await page.waitForSelector(`${wanted}, .notice[data-kind=trouble]:not([hidden])`, PATIENCE);
    const trouble = await there.evaluate((found) => (found.matches(".notice") ? found.textContent : null));
    if (trouble) return { secure, pictures, trouble };
    pictures.push(await canvas(page));
  }
  return { secure, pictures, trouble: null };
}

/** Pictures, a window, one export, all de-identified. */
async function whole(page) {
  const pictures = [];
  for (let number = job.files.length; number > 0; number--) pictures.unshift(await picture(page, number));
  const before = pictures[0].rgb;
  await type(page, "window-center", job.window.center);
  await type(page, "window-width", job.window.width);
  await page.waitForFunction(
    (wanted) => document.querySelector('[data-testid="viewer-canvas"]').parentElement.textContent.includes(wanted),
    PATIENCE, `C ${job.window.center}  W ${job.window.width}`,
  );
  const windowed = await canvas(page);
  if (windowed.rgb === before) throw new Error("the window changed nothing");
  await save(page, "export", 1);
  await save(page, "deidentify", 2);
  const states = await page.$$eval(`${hook("instance-list")} > [data-state]`, (rows) => rows.map((row) => row.dataset.state));
  const texts = await texted(page);
  const fetched = await page.evaluate((url) => fetch(url).then(() => "sent", () => "refused"), job.elsewhere);
  return { states, pictures, windowed, texts, fetched, downloads: await readdir(job.downloads) };
}
