/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Levels are compared as they stand, smoothed over three bins, since a jitter buffer moves a packet across the border
 * of one. The same speech correlates at one delay; at all others it does as strangers do. How often strangers pass, and
 * how often what is the same does, tests/unit/rtp/test_levels.c measures.
 */
#include "rtp/levels.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define COEFFICIENT 0.85 /* least at the delay */
#define ABOVE       0.30 /* least above the largest elsewhere */
#define SPREAD      6.0  /* dB, least standard deviation of each */
#define APART       50   /* bins: delays from here on cannot be those of one call */
#define STEP        3    /* between them; less than a syllable changes */
#define LOUD        90   /* of 127: somebody speaks */

struct wr_levels {
    int64_t first_bin; /* bins since 1970 */
    uint16_t n, room;
    uint8_t *loudest; /* 127 - level of each bin's loudest packet; 0: none, or silence */
};

wr_levels *wr_levels_new(void)
{
    return g_new0(wr_levels, 1);
}

void wr_levels_free(wr_levels *l)
{
    if (l == NULL)
        return;
    g_free(l->loudest);
    g_free(l);
}

void wr_levels_add(wr_levels *l, int64_t time_us, uint8_t element)
{
    const int64_t bin = time_us / WR_LEVEL_US;
    const uint8_t loud = (uint8_t)(127 - (element & 127));
    unsigned at;

    if (l->n == 0)
        l->first_bin = bin;
    if (bin < l->first_bin || bin - l->first_bin >= WR_LEVEL_BINS)
        return;
    at = (unsigned)(bin - l->first_bin);
    if (at >= l->room) {
        const unsigned room = MIN(WR_LEVEL_BINS, MAX(2 * at, 64u));
        l->loudest = g_realloc(l->loudest, room);
        memset(l->loudest + l->room, 0, room - l->room);
        l->room = (uint16_t)room;
    }
    l->n = (uint16_t)MAX(l->n, at + 1);
    l->loudest[at] = MAX(l->loudest[at], loud);
}

unsigned wr_levels_bins(const wr_levels *l)
{
    return l->n;
}

/* ---- comparison ---- */

/* Of both, the stretch that they have in common. */
typedef struct {
    unsigned n;
    float a[WR_LEVEL_BINS], b[WR_LEVEL_BINS];
} pair;

static void smooth(float *out, const uint8_t *in, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const unsigned before = in[i > 0 ? i - 1 : 0], after = in[i + 1 < n ? i + 1 : n - 1];
        out[i] = (float)(before + in[i] + after) / 3;
    }
}

static bool take_common(pair *p, const wr_levels *a, const wr_levels *b)
{
    const int64_t begin = MAX(a->first_bin, b->first_bin);
    const int64_t end = MIN(a->first_bin + a->n, b->first_bin + b->n);

    if (end - begin < WR_LEVEL_LEAST)
        return false;
    p->n = (unsigned)(end - begin);
    smooth(p->a, a->loudest + (begin - a->first_bin), p->n);
    smooth(p->b, b->loudest + (begin - b->first_bin), p->n);
    return true;
}

/* Neither silence nor one loudness, and pauses as speech has them. */
static bool is_like_speech(const float *x, unsigned n)
{
    double sum = 0, squares = 0, mean;
    unsigned loud = 0;

    for (unsigned i = 0; i < n; i++) {
        sum += x[i];
        squares += (double)x[i] * x[i];
        loud += x[i] >= LOUD - 20;
    }
    mean = sum / n;
    return sqrt(MAX(0, squares / n - mean * mean)) >= SPREAD && loud * 20 >= n && loud * 20 <= 19 * n;
}

/* Of x[i] and y[i + shift], where both are. */
static double correlation(const float *x, const float *y, unsigned n, int shift)
{
    const unsigned from = shift < 0 ? (unsigned)-shift : 0, to = shift > 0 ? n - (unsigned)shift : n;
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0, count = (double)to - from, spread;

    for (unsigned i = from; i < to; i++) {
        const double u = x[i], v = y[(int)i + shift];
        sx += u;
        sy += v;
        sxx += u * u;
        syy += v * v;
        sxy += u * v;
    }
    spread = (sxx - sx * sx / count) * (syy - sy * sy / count);
    return spread > 0 ? (sxy - sx * sy / count) / sqrt(spread) : 0;
}

/* The largest correlation at delays that cannot be: what a rhythm that repeats reaches, too. */
static double largest_apart(const float *x, const float *y, unsigned n)
{
    double most = -1;

    for (int shift = APART; shift + WR_LEVEL_LEAST * 3 / 4 <= (int)n; shift += STEP)
        most = MAX(most, MAX(correlation(x, y, n, shift), correlation(x, y, n, -shift)));
    return most;
}

bool wr_levels_match(const wr_levels *a, const wr_levels *b, wr_level_match *out)
{
    pair p;

    memset(out, 0, sizeof *out);
    if (!take_common(&p, a, b) || !is_like_speech(p.a, p.n) || !is_like_speech(p.b, p.n))
        return false;
    out->seconds = p.n / (1000000 / WR_LEVEL_US);
    out->coefficient = -1;
    for (int shift = -WR_LEVEL_DELAY; shift <= WR_LEVEL_DELAY; shift++) {
        const double c = correlation(p.a, p.b, p.n, shift);
        if (c > out->coefficient) {
            out->coefficient = c;
            out->delay_ms = shift * (WR_LEVEL_US / 1000);
        }
    }
    if (out->coefficient < COEFFICIENT)
        return false;
    out->others = largest_apart(p.a, p.b, p.n);
    return out->coefficient >= out->others + ABOVE;
}
