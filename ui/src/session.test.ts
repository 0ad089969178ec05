import { expect, test } from 'vitest';
import { isThere } from './session.ts';

test.each([
  ['', false],
  ['hongmi_member_there=1', true],
  ['theme=dark; __Host-hongmi_member_there=1; a=b', true],
  // What is left of one that was cleared, somebody else's, and the staff's.
  ['hongmi_member_there=', false],
  ['xhongmi_member_there=1', false],
  ['hongmi_session_there=1', false],
])('a browser with the cookies "%s" has the session of a member: %s', (cookies, expected) => {
  expect(isThere(cookies, 'hongmi_member')).toBe(expected);
});
