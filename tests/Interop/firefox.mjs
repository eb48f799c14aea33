// Firefox through the candidate page. usage: node firefox.mjs CANDIDATE_URL FOLDER_FOR_SCREENSHOTS
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const [, , url, pictures] = process.argv;
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  headless: true,
  // The server made its certificate itself.
  acceptInsecureCerts: true,
  extraPrefsFirefox: {
    "media.navigator.permission.disabled": true,
    "media.navigator.streams.fake": true,
  },
});
const page = await browser.newPage();
await page.setViewport({ width: 1100, height: 900 });
page.on("pageerror", (error) => console.error("page:", error.message));
let picture = 0;
const look = (name) => page.screenshot({ path: join(pictures, `firefox-${String(++picture).padStart(2, "0")}-${name}.png`), fullPage: true });
const see = (selector, seconds = 20) => page.waitForSelector(selector, { visible: true, timeout: seconds * 1000 });
const press = async (selector) => {
  const button = await see(selector);
  await page.waitForFunction((s) => !document.querySelector(s).disabled, { timeout: 30_000 }, selector);
  await button.focus();
  await page.keyboard.press("Enter");
};
try {
  await page.goto(url);
  await look("welcome");
  await press("#welcome-go");
  await see("#consent-list .choice");
  for (const modality of ["audio", "video", "transcript", "prosody", "face-presence", "text"]) await page.click(`#consent-${modality}`);
  await press("#consent-go");
  await press("#devices-allow");
  await see("#check-network[data-state=ok]", 40);
  await look("devices");
  await press("#devices-go");
  await press("#practice-go");
  await press("[data-view=ready] #question-go");
  await see("[data-view=answering]");
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  await look("answering");
  await press("#question-go");
  await see("[data-view=done]");
  await press("#question-go");
  for (let question = 1; question < 3; question++) {
    await press("#question-skip");
    await press("button[value=yes]");
  }
  await see("[data-view=all]");
  await press("#question-go");
  await see("#receipt-answers li", 40);
  await look("receipt");
} catch (error) {
  await look("failed");
  throw error;
} finally {
  await browser.close();
}
