// Is there enough light? Mean and spread of a small grey copy of the camera's picture.

const width = 64;
const height = 48;
let canvas = null;

/** "ok", "dark", "bright" or "flat"; null while there is no picture. */
export function measureLight(video) {
  if (!video.videoWidth)
    return null;
  canvas ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  canvas.drawImage(video, 0, 0, width, height);
  const { data } = canvas.getImageData(0, 0, width, height);
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < data.length; at += 4) {
    const luma = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]; // ITU-R BT.601
    sum += luma;
    squares += luma * luma;
  }

  const count = width * height;
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  // The server warns at about the same values (Pipelines/Video); here they only advise.
  if (deviation < 6)
    return "flat";
  return mean < 45 ? "dark" : mean > 215 ? "bright" : "ok";
}
