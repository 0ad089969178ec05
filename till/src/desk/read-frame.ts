import decodeQR from 'qr/decode.js';

/** Wider frames take longer and tell no more. */
const WIDTH_MAX = 800;

let canvas: HTMLCanvasElement | undefined;

/** The text of a QR code that the camera sees at this moment; undefined: none. */
export function readFrame(video: HTMLVideoElement): string | undefined {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return undefined;
  const scale = Math.min(1, WIDTH_MAX / videoWidth);
  canvas ??= document.createElement('canvas');
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    // What is no code, or not a whole one, throws: most frames do.
    return undefined;
  }
}
