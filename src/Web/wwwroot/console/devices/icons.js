// Small drawings in the colour of the text beside them; they say nothing that the words do not say.

const shapes = {
  granted: "M5 12.5l4.5 4.5L19 7.5",
  denied: "M6 6l12 12M18 6L6 18",
  "not-recognised": "M9 9a3 3 0 1 1 4.2 2.7c-.9.4-1.2 1-1.2 2M12 17.2v.1",
  spoof: "M5 4h14v16H5zM9 10v.1M15 10v.1M9 15h6",
  "timed-out": "M12 7v5l3.5 2M12 3.5a8.5 8.5 0 1 0 .01 0",
  "not-assessed": "M5 12h14",
  access: "M7 20V4h10v16M5 20h14M14 12v.1",
  attendance: "M12 7v5l3.5 2M12 3.5a8.5 8.5 0 1 0 .01 0",
  door: "M7 20V4h10v16M5 20h14M14 12v.1",
  alarm: "M12 4l9 16H3zM12 10v4M12 17v.1",
  device: "M7 3h10v18H7zM12 18v.1",
  sensor: "M12 12v.1M8.5 8.5a5 5 0 0 0 0 7M15.5 8.5a5 5 0 0 1 0 7M5.7 5.7a9 9 0 0 0 0 12.6M18.3 5.7a9 9 0 0 1 0 12.6",
  person: "M12 12a4 4 0 1 0-.01 0M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  terminal: "M6 3h12v18H6zM12 12.5a2.8 2.8 0 1 0-.01 0M8 18c.6-2 2-3 4-3s3.4 1 4 3",
  badge: "M5 7h14v12H5zM10 7V4h4v3M9 15h6M12 11v.1",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shapes[name] ?? shapes.device);
  svg.append(path);
  return svg;
}

/** What a protocol's devices look like. */
export const iconOfProtocol = (protocol) => icon(protocol === "mqtt" ? "badge" : "terminal");
