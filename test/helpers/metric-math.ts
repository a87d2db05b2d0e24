/**
 * What a metric math expression comes to in one period: numbers, `>=`, `*`, `/`, `IF(a, b, c)` and
 * `SUM([…])`, which is as much as our alarms use.
 *
 * @param figureOf a metric's figure; `undefined` where it has no data, and so has what needs it
 * @throws when the expression has anything else
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function metricMath(
  expression: string,
  figureOf: (id: string) => number | undefined,
): number | undefined {
  const tokens = expression.match(/\w+|>=|\S/g) ?? [];
  const value = comparison();
  if (tokens.length > 0) throw new Error(`Not understood: ${tokens.join(' ')}`);
  return value;

  function take(token: string): boolean {
    if (tokens[0] !== token) return false;
    tokens.shift();
    return true;
  }

  function expect(token: string): void {
    if (!take(token)) throw new Error(`${token} is missing before ${tokens.join(' ')}`);
  }

  function comparison(): number | undefined {
    const left = product();
    return take('>=') ? both(left, product(), (a, b) => Number(a >= b)) : left;
  }

  function product(): number | undefined {
    let left = operand();
    for (;;) {
      if (take('*')) left = both(left, operand(), (a, b) => a * b);
      else if (take('/')) left = both(left, operand(), (a, b) => a / b);
      else return left;
    }
  }

  function operand(): number | undefined {
    const token = tokens.shift() ?? '';
    if (token === 'IF') return conditional();
    if (token === 'SUM') return sum();
    if (/^\d+$/.test(token)) return Number(token);
    if (/^[a-z]\w*$/.test(token)) return figureOf(token);
    throw new Error(`Not understood: ${token}`);
  }

  function conditional(): number | undefined {
    expect('(');
    const condition = comparison();
    expect(',');
    const then = comparison();
    expect(',');
    const otherwise = comparison();
    expect(')');
    if (condition === undefined) return undefined;
    return condition ? then : otherwise;
  }

  /** Of an array: what has no data does not count. */
  function sum(): number | undefined {
    expect('(');
    expect('[');
    const values = [comparison()];
    while (take(',')) values.push(comparison());
    expect(']');
    expect(')');
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
  }
}

function both(
  left: number | undefined,
  right: number | undefined,
  calculate: (left: number, right: number) => number,
): number | undefined {
  return left === undefined || right === undefined ? undefined : calculate(left, right);
}
