/**
 * Sizes of text. A byte-level tokenizer never makes more tokens than the text has UTF-8 bytes, so bytes are an upper
 * bound of tokens for any model, without knowing its tokenizer.
 */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && index + 1 < text.length) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}

/** Bytes of a text in canonical JSON, without its quotation marks: what counts for the size of a commit. */
export function jsonBytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += jsonCost(character);
  return bytes;
}

/** The longest beginning of at most `limit` bytes in canonical JSON that splits no character. */
export function cutToJsonBytes(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += jsonCost(character);
    if (bytes > limit) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function jsonCost(character: string): number {
  const isEscaped = character < ' ' || character === '"' || character === '\\';
  return isEscaped ? JSON.stringify(character).length - 2 : utf8Bytes(character);
}

/** The longest beginning of at most `limit` bytes that splits no character. */
export function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Bytes(character);
    if (bytes > limit) return text.slice(0, end);
    end += character.length;
  }
  return text;
}
