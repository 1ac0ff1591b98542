import { MalformedMessage, ProtobufReader } from './protobuf-reader.js';
import { ProtobufWriter, varintSize } from './protobuf-writer.js';

const NUMBERS = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1];

/** Every field of a message with its number, a nested message as bytes. */
function fieldsOf(message: Buffer): [number, unknown][] {
  const fields: [number, unknown][] = [];
  for (const reader = new ProtobufReader(message); reader.next();) {
    fields.push([reader.field, reader.wireType === 0 ? reader.varint() : reader.text()]);
  }
  return fields;
}

describe('writing protobuf messages', () => {
  it.each(NUMBERS)('writes %d as it is read', (number) => {
    expect(fieldsOf(new ProtobufWriter().uint64(7, number).finish())).toEqual([[7, number]]);
  });

  it.each(NUMBERS)('knows the size of %d beforehand', (number) => {
    expect(new ProtobufWriter().uint64(1, number).finish()).toHaveLength(1 + varintSize(number));
  });

  it('writes 64 bits without losing one', () => {
    const reader = new ProtobufReader(new ProtobufWriter().uint64Big(1, 2n ** 64n - 1n).finish());
    reader.next();

    expect(reader.bigVarint()).toBe(2n ** 64n - 1n);
  });

  it('keeps the order of fields and grows with them', () => {
    const long = 'é'.repeat(5000);
    const message = new ProtobufWriter().text(1, 'a').text(2, long).uint64(300, 4).finish();

    expect(fieldsOf(message)).toEqual([
      [1, 'a'],
      [2, long],
      [300, 4],
    ]);
  });

  it('nests messages', () => {
    const message = new ProtobufWriter()
      .message(2, (nested) => nested.uint64(1, 5).empty(3))
      .finish();
    const reader = new ProtobufReader(message);
    reader.next();

    expect([reader.field, fieldsOf(reader.bytes())]).toEqual([
      2,
      [
        [1, 5],
        [3, ''],
      ],
    ]);
  });
});

describe('writing nested messages of any length', () => {
  it.each([0, 1, 100, 124, 125, 126, 127, 128, 129, 16_380, 16_383, 16_384, 70_000])(
    'puts the length before one with %d bytes of text',
    (length) => {
      const text = 'x'.repeat(length);
      const message = new ProtobufWriter(1)
        .message(2, (outer) => outer.message(3, (inner) => inner.text(4, text)).uint64(5, 6))
        .text(7, 'after')
        .finish();
      const reader = new ProtobufReader(message);
      reader.next();
      const outer = reader.message();
      outer.next();
      const inner = outer.message();

      expect(fieldsOf(message.subarray(message.length - 7))).toEqual([[7, 'after']]);
      expect([inner.next(), inner.field, inner.text(), inner.next()]).toEqual([
        true,
        4,
        text,
        false,
      ]);
      expect([outer.next(), outer.field, outer.varint(), outer.next()]).toEqual([
        true,
        5,
        6,
        false,
      ]);
      expect([reader.next(), reader.text(), reader.next()]).toEqual([true, 'after', false]);
    },
  );
});

describe('reading protobuf messages', () => {
  it('passes over fields of every kind that nobody asked for', () => {
    const fixed64 = Buffer.from([0x09, 1, 2, 3, 4, 5, 6, 7, 8]);
    const fixed32 = Buffer.from([0x15, 1, 2, 3, 4]);
    const wanted = new ProtobufWriter().uint64(9, 1).finish();
    const reader = new ProtobufReader(
      Buffer.concat([fixed64, fixed32, new ProtobufWriter().text(3, 'x').finish(), wanted]),
    );
    const seen: number[] = [];
    while (reader.next()) {
      seen.push(reader.field);
      reader.skip();
    }

    expect(seen).toEqual([1, 2, 3, 9]);
  });

  it.each([
    ['a field longer than its message', [0x0a, 5, 1]],
    ['a number that is cut', [0x08, 0x80]],
    ['a number of eleven bytes', [0x08, ...Array.from({ length: 11 }, () => 0xff)]],
    ['a wire type that does not exist', [0x0f]],
  ])('refuses %s', (_, bytes) => {
    const walk = (): void => {
      for (const reader = new ProtobufReader(Buffer.from(bytes)); reader.next();) reader.skip();
    };

    expect(walk).toThrow(MalformedMessage);
  });
});
