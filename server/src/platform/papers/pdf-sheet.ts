import type { PaperFonts } from './fonts.ts';
import { measure, type WidthOf } from './pdf-text.ts';

export const INK = '#1c2430';
export const SOFT = '#5b6573';
export const LINE = '#d9dee6';
export const FILL = '#f3f5f8';
export const MARK = '#b3261e';

const MARGIN = 42;
/** Room for the page's number. */
const FOOT = 30;

export type FontName = 'plain' | 'bold';
interface Look {
  readonly font: FontName;
  readonly size: number;
  readonly color: string;
  /** `x` is where the text ends. */
  readonly isRight?: boolean;
}

/** Pages that are drawn on from the top; in points, 72 to an inch. */
export interface Sheet {
  y: number;
  readonly left: number;
  readonly width: number;
  /** Below this only the page's number stands. */
  readonly bottom: number;
  readonly isAcross: boolean;
  addPage(isAcross: boolean): void;
  /** Begins a new page unless there is so much room; answers whether it did. */
  room(height: number): boolean;
  text(text: string, x: number, y: number, look: Look): void;
  box(x: number, y: number, width: number, height: number, color: string): void;
  frame(x: number, y: number, width: number, height: number, color: string): void;
  rule(y: number, color: string): void;
  widthIn(font: FontName, size: number): WidthOf;
  eachPage(draw: (number: number, count: number) => void): void;
}

// With features of fonts named, even none, nothing that was laid out is kept for the next time.
const TEXT = { lineBreak: false } as const;

export function createSheet(doc: PDFKit.PDFDocument, fonts: PaperFonts): Sheet {
  doc.registerFont('plain', fonts.plain as never);
  doc.registerFont('bold', fonts.bold as never);
  const known = { plain: new Map<string, number>(), bold: new Map<string, number>() };
  const pages: boolean[] = [];
  let isAcross = false;

  function unitWidth(font: FontName, character: string): number {
    let width = known[font].get(character);
    if (width === undefined) {
      width = doc.font(font).fontSize(100).widthOfString(character, TEXT);
      known[font].set(character, width);
    }
    return width / 100;
  }
  const widthIn =
    (font: FontName, size: number): WidthOf =>
    (character) =>
      unitWidth(font, character) * size;

  const sheet: Sheet = {
    y: MARGIN,
    left: MARGIN,
    get width() {
      return doc.page.width - 2 * MARGIN;
    },
    get bottom() {
      return doc.page.height - MARGIN - FOOT + 12;
    },
    get isAcross() {
      return isAcross;
    },
    addPage(across) {
      isAcross = across;
      pages.push(across);
      doc.addPage({ size: 'A4', layout: across ? 'landscape' : 'portrait', margin: 0 });
      sheet.y = MARGIN;
    },
    room(height) {
      if (sheet.y + height <= sheet.bottom) return false;
      sheet.addPage(isAcross);
      return true;
    },
    text(text, x, y, { font, size, color, isRight = false }) {
      if (text === '') return;
      const from = isRight ? x - measure(text, widthIn(font, size)) : x;
      doc.font(font).fontSize(size).fillColor(color).text(text, from, y, TEXT);
    },
    box(x, y, width, height, color) {
      doc.rect(x, y, width, height).fill(color);
    },
    frame(x, y, width, height, color) {
      doc.lineWidth(0.6).rect(x, y, width, height).stroke(color);
    },
    rule(y, color) {
      doc
        .lineWidth(0.5)
        .moveTo(sheet.left, y)
        .lineTo(sheet.left + sheet.width, y)
        .stroke(color);
    },
    widthIn,
    eachPage(draw) {
      for (const [index] of pages.entries()) {
        doc.switchToPage(index);
        draw(index + 1, pages.length);
      }
    },
  };
  return sheet;
}
