/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One clock by another: the offset is a median, the drift a median of slopes (Sen 1968). */
#include "records/clock_fit.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#define SECOND INT64_C(1000000)

#define DRIFT_LEAST_COMMON 16            /* packets, */
#define DRIFT_LEAST_SLICES 4             /* in so many slices of one way, */
#define DRIFT_LEAST_SPAN   (20 * SECOND) /* over that time: less shows no drift */
#define DRIFT_MOST         1e-3          /* no quartz is that far off */
#define DRIFT_LEAST_EFFECT 200.0         /* microseconds over the whole time, beside the spread */
#define SPREADS            4.0           /* the drift's effect is so many times what medians of slices stray */
#define WAYS_APART         (2 * SECOND)  /* two ways' medians differ by a round trip, and that is less */
#define WAYS_ALIKE         4u            /* and the one way is no handful beside the other */

typedef struct {
    int64_t us, ahead_us;
    bool way;
} sample;

typedef struct {
    sample kept[WR_CLOCK_PER_SLICE];
    unsigned seen; /* of which at most WR_CLOCK_PER_SLICE are kept */
} slice;

struct wr_clock_samples {
    slice slices[WR_CLOCK_SLICES];
    int64_t start_us, width_us;
    unsigned common, fitted; /* seen, and how many of these the fit is of */
    wr_clock_fit fit;
};

/* What a slice says of one way: a median, at the mean time of its samples. */
typedef struct {
    int64_t us, ahead_us;
    bool way;
} said;

struct wr_clock_samples *wr_clock_samples_new(void)
{
    return g_new0(struct wr_clock_samples, 1);
}

/* ---- what is kept ---- */

static unsigned kept(const slice *s)
{
    return MIN(s->seen, WR_CLOCK_PER_SLICE);
}

/* Two slices become one, which keeps of each in proportion. */
static slice joined(const slice *a, const slice *b)
{
    slice s = {.seen = a->seen + b->seen};
    const unsigned n = kept(&s), all = kept(a) + kept(b);

    for (unsigned i = 0; i < n; i++) {
        const unsigned j = i * all / n;
        s.kept[i] = j < kept(a) ? a->kept[j] : b->kept[j - kept(a)];
    }
    return s;
}

static void widen(struct wr_clock_samples *s)
{
    for (unsigned i = 0; i < WR_CLOCK_SLICES; i++)
        s->slices[i] = i < WR_CLOCK_SLICES / 2 ? joined(&s->slices[2 * i], &s->slices[2 * i + 1]) : (slice){.seen = 0};
    s->width_us *= 2;
}

/* Evenly, and the same in each run. */
static unsigned draw(unsigned number, unsigned below)
{
    uint64_t x = (number + 1u) * UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((x ^ x >> 31) % below);
}

void wr_clock_samples_add(struct wr_clock_samples *s, int64_t us, int64_t ahead_us, bool way)
{
    slice *in;
    unsigned at;

    if (s->common++ == 0) {
        s->start_us = us;
        s->width_us = SECOND;
    }
    while (us > s->start_us && (us - s->start_us) / s->width_us >= WR_CLOCK_SLICES)
        widen(s);
    in = &s->slices[us > s->start_us ? (us - s->start_us) / s->width_us : 0];
    at = in->seen < WR_CLOCK_PER_SLICE ? in->seen : draw(s->common, in->seen + 1);
    in->seen++;
    if (at < WR_CLOCK_PER_SLICE)
        in->kept[at] = (sample){us, ahead_us, way};
}

/* ---- what it says ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* values: put in order; n is not 0. */
static double median(double *values, unsigned n)
{
    qsort(values, n, sizeof *values, by_value);
    return values[n / 2];
}

/* What the samples are compared with: differences are small, and times are not. */
typedef struct {
    int64_t us, ahead_us; /* a sample, and the median of all */
    int64_t most_us;      /* what is further from it is nothing that clocks or delays explain */
} base;

static bool is_far(const sample *x, const base *b)
{
    return ABS(x->ahead_us - b->ahead_us) > b->most_us;
}

static base base_of(const struct wr_clock_samples *s)
{
    double all[WR_CLOCK_SLICES * WR_CLOCK_PER_SLICE];
    base b = {0, 0, 0};
    int64_t last = 0;
    unsigned n = 0;

    for (unsigned i = 0; i < WR_CLOCK_SLICES; i++)
        for (unsigned j = 0; j < kept(&s->slices[i]); j++) {
            const sample *x = &s->slices[i].kept[j];
            if (n == 0)
                b = (base){x->us, x->ahead_us, 0};
            last = MAX(last, x->us);
            all[n++] = (double)(x->ahead_us - b.ahead_us);
        }
    b.ahead_us += (int64_t)median(all, n);
    b.most_us = WAYS_APART + (int64_t)(DRIFT_MOST * (double)MAX(last - b.us, 0));
    return b;
}

static unsigned say(const slice *s, bool way, const base *b, said *out)
{
    double ahead[WR_CLOCK_PER_SLICE], us = 0;
    unsigned n = 0;

    for (unsigned i = 0; i < kept(s); i++) {
        if (s->kept[i].way != way || is_far(&s->kept[i], b))
            continue;
        ahead[n++] = (double)(s->kept[i].ahead_us - b->ahead_us);
        us += (double)(s->kept[i].us - b->us);
    }
    if (n == 0)
        return 0;
    *out = (said){b->us + (int64_t)(us / n), b->ahead_us + (int64_t)median(ahead, n), way};
    return 1;
}

/* Of slices that lie far apart: from near ones the delays show more than the drift. */
static double slope_of(const said *all, unsigned n, int64_t far_us)
{
    double *slopes = g_new(double, n *(n - 1) / 2 + 1), slope = 0;
    unsigned m = 0;

    for (unsigned i = 0; i < n; i++)
        for (unsigned j = i + 1; j < n; j++)
            if (all[i].way == all[j].way && ABS(all[j].us - all[i].us) >= far_us)
                slopes[m++] = (double)(all[j].ahead_us - all[i].ahead_us) / (double)(all[j].us - all[i].us);
    if (m > 0)
        slope = median(slopes, m);
    g_free(slopes);
    return slope;
}

/* What half of the slices stray at most, when the drift is taken from them: each from the median of its way. */
static double spread_of(const said *all, unsigned n, int64_t at_us, double drift)
{
    double stray[2 * WR_CLOCK_SLICES], left[2 * WR_CLOCK_SLICES];
    unsigned m = 0;

    for (int way = 0; way < 2; way++) {
        unsigned k = 0;
        double middle;
        for (unsigned i = 0; i < n; i++)
            if (all[i].way == (way == 1))
                left[k++] = (double)(all[i].ahead_us - all[0].ahead_us) - drift * (double)(all[i].us - at_us);
        if (k == 0)
            continue;
        middle = median(left, k);
        for (unsigned i = 0; i < k; i++)
            stray[m++] = fabs(left[i] - middle);
    }
    return median(stray, m);
}

/* Where nothing but delays shows, or what no clock does, it is none. */
static double drift_of(const said *all, unsigned n, unsigned common, int64_t *at_us)
{
    int64_t first = all[0].us, last = first;
    unsigned of_way[2] = {0, 0};
    double drift, effect;

    for (unsigned i = 0; i < n; i++) {
        first = MIN(first, all[i].us);
        last = MAX(last, all[i].us);
        of_way[all[i].way]++;
    }
    *at_us = first + (last - first) / 2;
    if (common < DRIFT_LEAST_COMMON || MAX(of_way[0], of_way[1]) < DRIFT_LEAST_SLICES ||
        last - first < DRIFT_LEAST_SPAN)
        return 0;
    drift = slope_of(all, n, (last - first) / 3);
    effect = fabs(drift) * (double)(last - first);
    return fabs(drift) <= DRIFT_MOST && effect >= DRIFT_LEAST_EFFECT &&
                   effect >= SPREADS * spread_of(all, n, *at_us, drift)
               ? drift
               : 0;
}

/* The delays of both ways are about the same, so that the truth lies between; where one way is hardly seen, or no round
 * trip explains the difference, the median of all. */
static int64_t offset_of(const struct wr_clock_samples *s, const base *b, const wr_clock_fit *f)
{
    double left[3][WR_CLOCK_SLICES * WR_CLOCK_PER_SLICE], of[3] = {0, 0, 0};
    unsigned n[3] = {0, 0, 0};

    for (unsigned i = 0; i < WR_CLOCK_SLICES; i++)
        for (unsigned j = 0; j < kept(&s->slices[i]); j++) {
            const sample *x = &s->slices[i].kept[j];
            const double v = (double)(x->ahead_us - b->ahead_us) - f->drift * (double)(x->us - f->at_us);
            if (is_far(x, b))
                continue;
            left[x->way][n[x->way]++] = v;
            left[2][n[2]++] = v;
        }
    for (int i = 0; i < 3; i++)
        if (n[i] > 0)
            of[i] = median(left[i], n[i]);
    if (MIN(n[0], n[1]) * WAYS_ALIKE < MAX(n[0], n[1]) || fabs(of[0] - of[1]) > (double)WAYS_APART)
        return b->ahead_us + (int64_t)of[2];
    return b->ahead_us + (int64_t)((of[0] + of[1]) / 2);
}

static void fit(struct wr_clock_samples *s)
{
    said all[2 * WR_CLOCK_SLICES];
    const base b = base_of(s);
    unsigned n = 0;

    for (unsigned i = 0; i < WR_CLOCK_SLICES; i++)
        for (int way = 0; way < 2; way++)
            n += say(&s->slices[i], way == 1, &b, &all[n]);
    s->fit.common = s->common;
    s->fit.drift = drift_of(all, n, s->common, &s->fit.at_us);
    s->fit.offset_us = offset_of(s, &b, &s->fit);
    s->fitted = s->common;
}

const wr_clock_fit *wr_clock_samples_fit(struct wr_clock_samples *s, bool exact)
{
    if (s->common > 0 && (exact ? s->common != s->fitted : s->common > s->fitted + s->fitted / 8))
        fit(s);
    return &s->fit;
}

int64_t wr_clock_to_first(const wr_clock_fit *f, int64_t us)
{
    return f->at_us + (int64_t)llround((double)(us - f->offset_us - f->at_us) / (1 + f->drift));
}

int64_t wr_clock_to_second(const wr_clock_fit *f, int64_t us)
{
    return us + f->offset_us + (int64_t)llround(f->drift * (double)(us - f->at_us));
}
