import { defects, tryDefect } from './defects';
const only = process.argv[2];
async function main() {
  const queue = defects.filter((d) => only === undefined || d.name.includes(only));
  const worker = async () => {
    for (let d = queue.shift(); d; d = queue.shift()) {
      const t = await tryDefect(d, ['--seeds', '3000', '--first']).catch((e) => ({ exitCode: -1, output: String(e) }));
      const line = t.output.split('\n').find((l) => l.includes('violates')) ?? t.output.slice(-300);
      console.log(`${t.exitCode} | ${d.name} | ${line.slice(0, 260)}`);
    }
  };
  await Promise.all([worker(), worker()]);
}
void main();
