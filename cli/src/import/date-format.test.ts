import { describe, expect, test } from 'vitest';
import { compileDateFormat } from './date-format.ts';

function read(format: string, zone: string, text: string): string | undefined {
  const reader = compileDateFormat(format, zone);
  if (typeof reader !== 'function') throw new Error(`${reader.fault} ${reader.at}`);
  const at = reader(text);
  return at === undefined ? undefined : new Date(at).toISOString();
}

describe('compileDateFormat', () => {
  test.each([
    ['YYYY-MM-DD HH:mm', 'Asia/Shanghai', '2010-12-01 08:26', '2010-12-01T00:26:00.000Z'],
    ['M/D/YYYY H:mm', 'Europe/London', '7/9/2011 12:50', '2011-07-09T11:50:00.000Z'],
    [
      'YYYY-MM-DDTHH:mm:ss.SSSZ',
      'Asia/Shanghai',
      '2026-01-02T03:04:05.678+08:00',
      '2026-01-01T19:04:05.678Z',
    ],
    ['YYYY-MM-DDTHH:mm:ssZ', 'Asia/Shanghai', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['YYYY年M月D日', 'Asia/Shanghai', '2026年3月5日', '2026-03-04T16:00:00.000Z'],
    ['DD.MM.YYYY', 'UTC', '29.02.2024', '2024-02-29T00:00:00.000Z'],
  ])('%s in %s: %s', (format, zone, text, instant) => {
    expect(read(format, zone, text)).toBe(instant);
  });

  test.each([
    '2010-13-01 08:26',
    '2010-02-30 08:26',
    '2010-12-01 24:00',
    '2010-12-01',
    ' 2010-12-01 08:26',
    '0010-12-01 08:26',
    '',
  ])('refuses %j', (text) => {
    expect(read('YYYY-MM-DD HH:mm', 'Asia/Shanghai', text)).toBeUndefined();
  });

  test('knows the days on which clocks change', () => {
    const london = (text: string) => read('YYYY-MM-DD HH:mm', 'Europe/London', text);
    expect(london('2011-03-27 00:59')).toBe('2011-03-27T00:59:00.000Z');
    expect(london('2011-03-27 01:30')).toBe('2011-03-27T01:30:00.000Z');
    expect(london('2011-03-27 02:00')).toBe('2011-03-27T01:00:00.000Z');
    expect(london('2011-10-30 00:59')).toBe('2011-10-29T23:59:00.000Z');
    expect(london('2011-10-30 01:30')).toBe('2011-10-30T00:30:00.000Z');
    expect(london('2011-10-30 02:00')).toBe('2011-10-30T02:00:00.000Z');
  });

  test('says what is wrong with a format', () => {
    expect(compileDateFormat('YYYY-MM-DD hh:mm', 'UTC')).toEqual({ fault: 'token', at: 'h' });
    expect(compileDateFormat('YYYYY-MM-DD', 'UTC')).toEqual({ fault: 'token', at: 'YYYYY' });
    expect(compileDateFormat('MM-DD HH:mm', 'UTC')).toEqual({ fault: 'incomplete', at: 'year' });
    expect(compileDateFormat('YYYY-MM-MM-DD', 'UTC')).toEqual({ fault: 'repeated', at: 'MM' });
  });
});
