/** An address as a QR code, drawn as one SVG path. */
import { correction, generate } from "lean-qr/nano";

export interface QrCode {
  /** Modules along one side, quiet zone included. */
  readonly size: number;
  readonly path: string;
}

/** The white margin readers need, ISO/IEC 18004 §9.1. */
const QUIET_ZONE = 4;

export function qrCode(text: string): QrCode {
  const bitmap = generate(text, { minCorrectionLevel: correction.M });
  let path = "";
  for (let y = 0; y < bitmap.size; y++) {
    for (let x = 0; x < bitmap.size; x++) {
      if (bitmap.get(x, y)) path += `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z`;
    }
  }
  return { size: bitmap.size + 2 * QUIET_ZONE, path };
}
