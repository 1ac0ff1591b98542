// What environment variables may look like; every shape reads a text and says why it refuses, never what it read.
import { z } from 'zod';
import { parseLocalDate } from '../../kernel/local-date.js';

/** A whole number within bounds, both included. */
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

export const port = wholeNumber(0, 65_535);

/** `true` or `false`, nothing else. */
export const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');

/** One word of a closed list. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, `must be one of ${words.join(', ')}`) as unknown as z.ZodType<T[number], string>;

/** Words of a closed list, divided by commas; at least one. */
export const listOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(
      z
        .array(z.enum(words, `may hold only ${words.join(', ')}`))
        .min(1, 'must name at least one')
        .transform((list): readonly T[number][] => [...new Set(list)]),
    );

/** Whole numbers divided by commas, in ascending order; at least one. */
export const ascendingNumbers = z
  .string()
  .regex(/^\s*\d{1,9}(\s*,\s*\d{1,9})*\s*$/, 'must be whole numbers divided by commas')
  .transform((text): readonly number[] => text.split(',').map(Number))
  .refine(
    (numbers) => numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0)),
    'must ascend',
  );

/** Days of the calendar divided by commas; none when empty. */
export const calendarDates = z
  .string()
  .transform((text): readonly string[] =>
    text.split(',').flatMap((day) => (day.trim() === '' ? [] : [day.trim()])),
  )
  .refine((days) => days.every((day) => parseLocalDate(day) !== null), 'must be days, YYYY-MM-DD');

/** Words divided by commas, perhaps none; no word stands for everything. */
export const wordList = z
  .string()
  .regex(/^[^*]*$/, 'must name each one, without *')
  .transform((list): readonly string[] =>
    list
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  );

export const text = z.string();

export const nonEmpty = z.string().min(1, 'must not be empty');

/** An address that begins with one of the schemes, such as `https:`. */
export const urlOf = (...schemes: readonly string[]) =>
  z
    .string()
    .refine((value) => schemes.some((scheme) => value.startsWith(`${scheme}//`)), {
      message: `must begin with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
      abort: true,
    })
    .refine((value) => URL.canParse(value), 'is not an address');

/** As `urlOf`, or nothing at all. */
export const optionalUrlOf = (...schemes: readonly string[]) =>
  z.union([z.literal(''), urlOf(...schemes)]);

/** A text that is empty or has another shape; given as it was written. */
export const emptyOr = (shape: z.ZodType<unknown, string>) =>
  z.string().superRefine((value, context) => {
    if (value === '') return;
    for (const { message } of shape.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: 'custom', message });
    }
  });

/** A key of an exact length in base64. */
export const base64Key = (bytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/_-]+={0,2}$/, 'must be base64')
    .transform((value) => Buffer.from(value, 'base64'))
    .refine((key) => key.length === bytes, `must hold exactly ${bytes} bytes`);
