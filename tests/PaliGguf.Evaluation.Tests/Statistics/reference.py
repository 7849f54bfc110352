"""The values in these tests, computed by enumeration and by a second writing of the definitions: python3 reference.py"""
import itertools
import math

X = [0.13, 0.92, 0.41, 0.37, 0.754, 0.58, 0.08]
A = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1]
B = [0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0]
# matches of words 1 and 2, n-grams of 1 and 2 words, words, words of the references
BLEU = [(3, 2, 4, 3, 4, 5), (5, 3, 6, 5, 6, 6), (2, 0, 5, 4, 5, 4), (4, 3, 4, 3, 4, 4)]
MASK = (1 << 64) - 1


def bits(seed, round_):
    state = (seed << 32) | round_
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def quantile(values, q):
    s = sorted(values)
    place = q * (len(s) - 1)
    k = math.floor(place)
    return s[k] if k + 1 == len(s) else s[k] * (1 - (place - k)) + s[k + 1] * (place - k)


def show(name, values):
    print(name, repr(quantile(values, 0.025)), repr(quantile(values, 0.975)))


def resamples(n, rounds, seed):
    for r in range(rounds):
        b = bits(seed, r)
        yield [next(b) * n >> 64 for _ in range(n)]


def bleu2(rows):
    m1, m2, t1, t2, length, reference = (sum(column) for column in zip(*rows))
    if m1 == 0 or m2 == 0:
        return 0.0
    return min(1, math.exp(1 - reference / length)) * math.sqrt(m1 / t1 * m2 / t2)


print("SplitMix64, seed 0 round 0:", [hex(v) for v in itertools.islice(bits(0, 0), 3)])
show("mean, all resamples:", [sum(each) / 7 for each in itertools.product(X, repeat=7)])
show("mean, 1000 resamples, seed 1:", [sum(X[i] for i in each) / 7 for each in resamples(7, 1000, 1)])
show("BLEU, all resamples:", [bleu2(each) for each in itertools.product(BLEU, repeat=4)])
show("BLEU, 1000 resamples, seed 7:", [bleu2([BLEU[i] for i in each]) for each in resamples(4, 1000, 7)])
observed = abs(sum(A) - sum(B))
signs = list(itertools.product([1, -1], repeat=12))
print("p, all swaps:", sum(abs(sum(s * (a - b) for s, a, b in zip(each, A, B))) >= observed for each in signs) / len(signs))
count = 0
for r in range(1000):
    word = next(bits(3, r))
    count += abs(sum((b - a) if word >> i & 1 else (a - b) for i, (a, b) in enumerate(zip(A, B)))) >= observed
print("p, 1000 rounds, seed 3:", repr((count + 1) / 1001))
