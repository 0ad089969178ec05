import { ensure } from './ensure.mjs';

const HELP = `npm start: installs, builds and starts Hongmi on http://localhost:8080   安装、构建并启动 Hongmi

The first start also loads the demo, a year of a coalition of thirteen merchants, into the embedded database.
首次启动会把演示数据（十三家商户一年的往来）载入自带的数据库。

  HONGMI_DEMO=off npm start            no demo                        不载入演示数据
  HONGMI_DEMO=still npm start          the year, but no visits after  载入一年，之后不再有新的往来
  HONGMI_DEMO_MEMBERS=500 npm start    a smaller one (50 to 20000)    较小的演示（50 至 20000 名会员）
  HONGMI_PORT=8081 npm start           another port                   换一个端口
  DATABASE_URL=postgres://… npm start  your own PostgreSQL, no demo   使用自己的 PostgreSQL，不载入演示数据

All settings: README.md. The demo: docs/demo.md.   全部设置见 README.zh-CN.md，演示见 docs/demo.zh-CN.md。
`;

if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
  process.stdout.write(HELP);
} else {
  await ensure();
  // The same process: Ctrl-C, exit code and log are the server's own.
  const { start } = await import('../server/dist/main/start.js');
  const { loadDemo } = await import('../cli/dist/demo.js');
  await start({ loadDemo });
}
