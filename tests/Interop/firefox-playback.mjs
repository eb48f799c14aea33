// Clips played in Firefox, each from a file served in parts and from a stream without a length; prints a table and ends with 1 where one does not play.
// usage: node firefox-playback.mjs FOLDER   (with NAME.json lists, as MEDIASCORE_KEEP_CLIPS makes them)
import { createReadStream, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import puppeteer from "puppeteer-core";

const [, , folder] = process.argv;
const player = readFileSync(new URL("../EndToEnd.Tests/Playback/player.js", import.meta.url), "utf8");
const clips = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
const types = new Map(clips.map((clip) => [clip.name, clip.contentType]));

const server = createServer((request, response) => {
  const [, way, name] = request.url.split("/");
  if (!types.has(name)) {
    response.writeHead(request.url === "/" ? 200 : 404, { "Content-Type": "text/html" });
    response.end("<!doctype html><title>Clips</title>");
    return;
  }
  const path = join(folder, basename(name));
  if (way === "stream") {
    // Pieces without a length, as an export is written.
    response.writeHead(200, { "Content-Type": types.get(name) });
    createReadStream(path, { highWaterMark: 4096 }).pipe(response);
    return;
  }
  const { size } = statSync(path);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to), size - 1) : size - 1;
  if (start >= size) {
    response.writeHead(416, { "Content-Range": `bytes */${size}` }).end();
    return;
  }
  const headers = { "Content-Type": types.get(name), "Content-Length": end - start + 1, "Accept-Ranges": "bytes" };
  response.writeHead(from === undefined ? 200 : 206, from === undefined ? headers : { ...headers, "Content-Range": `bytes ${start}-${end}/${size}` });
  createReadStream(path, { start, end }).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  headless: true,
  // Pages begin to play without a click; a machine without a sound card gets a device that swallows the sound, or no audio graph would run.
  extraPrefsFirefox: { "media.autoplay.default": 0, "media.autoplay.blocking_policy": 0, "media.cubeb.force_mock_context": true },
});
let faults = 0;
try {
  console.error(await browser.version());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  console.log("| clip | from | came to | media, s | duration, s | pictures | decoded | shown | sizes | loudest sound |\n|---|---|---|---|---|---|---|---|---|---|");
  for (const clip of clips) {
    for (const way of ["file", "stream"]) {
      const seen = await page.evaluate(`(${player})(${JSON.stringify({ url: `/${way}/${clip.name}`, rate: 2, limitSeconds: 30 })})`);
      const isLong = seen.duration < clip.askedSeconds + 0.1 && (clip.isCut || seen.duration > clip.seconds - 0.1);
      const isWhole = clip.isCut || seen.decoded >= clip.pictureCount * 0.9;
      const plays = seen.how === "ended" && !seen.error && seen.presented > 0 && seen.peak > 0.05 && isLong && isWhole && Math.abs(seen.currentTime - seen.duration) < 0.1;
      if (!plays) faults++;
      const cells = [
        clip.name, way, `${seen.error ?? seen.how}${plays ? "" : " **!**"}`, clip.seconds.toFixed(2), seen.duration?.toFixed(2), clip.pictureCount, seen.decoded, seen.presented, seen.sizes.join(", "),
        seen.peak.toFixed(2),
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
  }
} finally {
  await browser.close();
  server.close();
}
process.exitCode = faults === 0 ? 0 : 1;
