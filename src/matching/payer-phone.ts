const MASK_SHAPE = /^(\d*)\*+(\d*)$/;

/** `+584121234567`, `584121234567`, `04121234567` and `4121234567` are one phone: 58 and ten digits. */
function international(digits: string): string {
  if (digits.startsWith('0')) return `58${digits.slice(1)}`;
  return digits.length === 10 ? `58${digits}` : digits;
}

/**
 * True when the digits that a bank's mask shows (`5841********5031`) cannot be those of the phone. The stars are not
 * counted: the bank prints more of them than the phone has digits. A mask of another shape says nothing.
 */
export function maskContradictsPhone(mask: string | null, phone: string | null): boolean {
  if (mask === null || phone === null) return false;
  const whole = phone.replace(/\D/g, '');
  const shown = mask.replace(/[\s+-]/g, '');
  if (/^\d{10,12}$/.test(shown)) return international(shown) !== international(whole);
  const parts = MASK_SHAPE.exec(shown);
  if (parts === null) return false;
  const [, head = '', tail = ''] = parts;
  const known = international(whole);
  const begins = head.startsWith('0') ? `58${head.slice(1)}` : head;
  return !known.startsWith(begins) || !known.endsWith(tail);
}
