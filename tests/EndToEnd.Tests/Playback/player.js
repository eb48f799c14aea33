// Plays one clip to its end and says what came of it. One expression: whatever drives a browser can evaluate it.
async ({ url, rate, limitSeconds }) => {
  const video = document.createElement("video");
  const sizes = [];
  let presented = 0;
  const see = (_, frame) => {
    presented++;
    const size = `${frame.width}x${frame.height}`;
    if (!sizes.includes(size)) sizes.push(size);
    video.requestVideoFrameCallback(see);
  };
  video.requestVideoFrameCallback(see);
  video.width = 160;
  document.body.append(video);

  // The sound goes through a graph, where its loudest sample is seen. Not waited for: without any sound device Firefox never begins.
  window.sound ??= new AudioContext();
  void window.sound.resume();
  const meter = window.sound.createAnalyser();
  window.sound.createMediaElementSource(video).connect(meter).connect(window.sound.destination);
  const samples = new Float32Array(meter.fftSize);
  let peak = 0;
  const listen = () => {
    meter.getFloatTimeDomainData(samples);
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  };
  const listening = setInterval(listen, 20);

  const begun = performance.now();
  const how = await new Promise((resolve) => {
    video.addEventListener("ended", () => resolve("ended"));
    video.addEventListener("error", () => resolve("error"));
    setTimeout(() => resolve("limit"), limitSeconds * 1000);
    video.src = url;
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
    video.play().catch((refusal) => resolve(`refused: ${refusal.message}`));
  });
  clearInterval(listening);
  // The page is told of a picture when it was composed, which may be after the end.
  for (let tries = 0; how === "ended" && presented === 0 && tries < 50; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  const quality = video.getVideoPlaybackQuality();
  const result = {
    how,
    error: video.error ? `${video.error.code} ${video.error.message}` : null,
    duration: video.duration,
    currentTime: video.currentTime,
    width: video.videoWidth,
    height: video.videoHeight,
    sizes,
    presented,
    decoded: quality.totalVideoFrames,
    dropped: quality.droppedVideoFrames,
    // Chromium only.
    soundBytes: video.webkitAudioDecodedByteCount ?? null,
    peak,
    seconds: (performance.now() - begun) / 1000,
  };
  video.removeAttribute("src");
  video.load();
  video.remove();
  return result;
}
