// What this browser can do, and which way of its own it has of asking for permission.

/** Null where everything is there; else which text says what is missing. */
export function missingAbility() {
  if (!window.isSecureContext)
    return "secure";
  if (!window.RTCPeerConnection || !navigator.mediaDevices?.getUserMedia)
    return "webrtc";
  return null;
}

/** Which of the texts denied.* tells how to lift a block here. The name of the browser decides nothing else. */
export function browserGuide() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1))
    return "ios";
  if (/Android/.test(agent))
    return "android";
  if (/Firefox\//.test(agent))
    return "firefox";
  if (/Chrome\/|Edg\//.test(agent))
    return "chrome";
  return /Safari\//.test(agent) ? "safari" : "other";
}
