// Days, months and years of legal periods: by the calendar in UTC, whatever clocks on walls do.
// Each table says from when, how long, and what comes out.
#include "base/time.hpp"

#include <doctest/doctest.h>

using namespace comity;

namespace {

struct Sum {
    const char* from;
    const char* period;
    const char* to;
};

void check(const Sum& row) {
    const auto from = instant_from(row.from);
    const auto period = period_from(row.period);
    const auto to = instant_from(row.to);
    REQUIRE_MESSAGE((from && period && to), row.from, " + ", row.period);
    CHECK_MESSAGE(
        add(*from, *period) == *to, row.from, " + ", row.period, " is ",
        to_text(add(*from, *period)), ", not ", row.to);
}

} // namespace

TEST_CASE("T18 leap days: a period of years or months that ends on no day ends on the day before") {
    for (const Sum& row : {
             Sum{"2028-02-28T09:00:00Z", "P1D", "2028-02-29T09:00:00Z"},
             Sum{"2027-02-28T09:00:00Z", "P1D", "2027-03-01T09:00:00Z"},
             Sum{"2028-02-29T09:00:00Z", "P1D", "2028-03-01T09:00:00Z"},
             Sum{"2028-02-29T09:00:00Z", "P1Y", "2029-02-28T09:00:00Z"},
             Sum{"2028-02-29T09:00:00Z", "P4Y", "2032-02-29T09:00:00Z"},
             Sum{"2028-02-29T09:00:00Z", "P5Y", "2033-02-28T09:00:00Z"},
             Sum{"2027-02-28T09:00:00Z", "P1Y", "2028-02-28T09:00:00Z"}, // not the 29th
             Sum{"2027-11-29T09:00:00Z", "P3M", "2028-02-29T09:00:00Z"},
             Sum{"2026-11-29T09:00:00Z", "P3M", "2027-02-28T09:00:00Z"},
             Sum{"2099-02-28T09:00:00Z", "P1Y", "2100-02-28T09:00:00Z"},
             Sum{"2100-02-28T09:00:00Z", "P1D", "2100-03-01T09:00:00Z"}, // 2100 has no leap day
             Sum{"2096-02-29T09:00:00Z", "P4Y", "2100-02-28T09:00:00Z"},
             Sum{"2000-02-28T09:00:00Z", "P1D", "2000-02-29T09:00:00Z"}, // 2000 has one
         })
        check(row);
}

TEST_CASE("T18 month ends: the last day there is, and days are counted after months") {
    for (const Sum& row : {
             Sum{"2026-01-31T23:59:59.999Z", "P1M", "2026-02-28T23:59:59.999Z"},
             Sum{"2026-01-30T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"},
             Sum{"2026-01-28T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"},
             Sum{"2026-03-31T00:00:00Z", "P1M", "2026-04-30T00:00:00Z"},
             Sum{"2026-03-31T00:00:00Z", "P6M", "2026-09-30T00:00:00Z"},
             Sum{"2026-08-31T00:00:00Z", "P18M", "2028-02-29T00:00:00Z"},
             Sum{"2026-12-31T00:00:00Z", "P2M", "2027-02-28T00:00:00Z"},
             Sum{"2026-01-31T00:00:00Z", "P1M1D", "2026-03-01T00:00:00Z"},
             Sum{"2026-01-31T00:00:00Z", "P30D", "2026-03-02T00:00:00Z"},
             Sum{"2026-12-31T23:00:00Z", "PT1H", "2027-01-01T00:00:00Z"},
             Sum{"2026-12-31T12:00:00Z", "P2W", "2027-01-14T12:00:00Z"},
             Sum{"2026-02-27T12:00:00Z", "P90D", "2026-05-28T12:00:00Z"},
             Sum{"2028-02-27T12:00:00Z", "P90D", "2028-05-27T12:00:00Z"},
             Sum{"2026-02-27T12:00:00Z", "P180D", "2026-08-26T12:00:00Z"},
         })
        check(row);
}

// Arcadia keeps the time of central Europe (summer time from 29 March to 25 October 2026), Borealis
// that of the American east coast (8 March to 1 November 2026). Instants are written as their
// clocks show them.
TEST_CASE("T18 summer time moves no deadline: a day is 24 hours, on walls it reads an hour off") {
    for (const Sum& row : {
             // The night in which Arcadia's clocks go from 2 to 3.
             Sum{"2026-03-28T12:00:00+01:00", "P1D", "2026-03-29T13:00:00+02:00"},
             Sum{"2026-03-28T12:00:00+01:00", "PT24H", "2026-03-29T13:00:00+02:00"},
             Sum{"2026-03-29T01:59:59.999+01:00", "PT0.001S", "2026-03-29T03:00:00+02:00"},
             Sum{"2026-03-27T18:00:00+01:00", "PT48H", "2026-03-29T19:00:00+02:00"},
             Sum{"2026-02-28T23:30:00+01:00", "P30D", "2026-03-31T00:30:00+02:00"},
             // And the one in which they go back, when 2:30 comes twice.
             Sum{"2026-10-24T12:00:00+02:00", "P1D", "2026-10-25T11:00:00+01:00"},
             Sum{"2026-10-25T02:30:00+02:00", "PT1H", "2026-10-25T02:30:00+01:00"},
             Sum{"2026-10-23T18:00:00+02:00", "PT48H", "2026-10-25T17:00:00+01:00"},
             // Borealis, three weeks earlier and a week later.
             Sum{"2026-03-07T12:00:00-05:00", "P1D", "2026-03-08T13:00:00-04:00"},
             Sum{"2026-03-06T20:00:00-05:00", "PT96H", "2026-03-10T21:00:00-04:00"},
             Sum{"2026-10-31T12:00:00-04:00", "P1D", "2026-11-01T11:00:00-05:00"},
             Sum{"2026-11-01T01:30:00-04:00", "PT1H", "2026-11-01T01:30:00-05:00"},
             // One deadline, read on both walls.
             Sum{"2026-03-05T15:00:00+01:00", "P10D", "2026-03-15T10:00:00-04:00"},
             Sum{"2026-03-05T09:00:00-05:00", "P10D", "2026-03-15T15:00:00+01:00"},
             Sum{"2026-03-20T15:00:00+01:00", "P10D", "2026-03-30T10:00:00-04:00"},
             Sum{"2026-03-20T10:00:00-04:00", "P10D", "2026-03-30T16:00:00+02:00"},
         }) {
        if (std::string_view(row.period) == "PT0.001S") {
            CHECK(*instant_from(row.from) + Milliseconds{1} == *instant_from(row.to));
            continue;
        }
        check(row);
    }
}

TEST_CASE("T18 the local day of a deadline may be another than the day in UTC") {
    struct Row {
        const char* local;
        const char* day; // in UTC
    };

    for (const Row& row : {
             Row{"2026-03-31T00:30:00+02:00", "2026-03-30"},
             Row{"2026-03-31T02:00:00+02:00", "2026-03-31"},
             Row{"2026-03-31T01:59:59.999+02:00", "2026-03-30"},
             Row{"2026-03-30T19:59:59-04:00", "2026-03-30"},
             Row{"2026-03-30T20:00:00-04:00", "2026-03-31"},
             Row{"2026-12-31T19:00:00-05:00", "2027-01-01"},
             Row{"2028-02-29T00:30:00+01:00", "2028-02-28"},
             Row{"2028-02-28T19:00:00-05:00", "2028-02-29"},
         })
        CHECK_MESSAGE(day_text(instant_from(row.local).value()) == row.day, row.local);
}
