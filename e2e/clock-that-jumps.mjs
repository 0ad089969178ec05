// Preloaded into a server under test: its clock runs as far ahead as the file HONGMI_TEST_CLOCK says.
import { readFileSync } from 'node:fs';

const file = process.env.HONGMI_TEST_CLOCK;
const machine = Date.now.bind(Date);
let offset = 0;
setInterval(() => {
  const told = Number(readFileSync(file, 'utf8'));
  if (Number.isSafeInteger(told)) offset = told;
}, 20).unref();
Date.now = () => machine() + offset;
