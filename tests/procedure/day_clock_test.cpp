// Every deadline of the procedures on a day that calendars and clocks make awkward: below, at and
// above, and where the two readings of a day would differ.
#include "base/json.hpp"
#include "files.hpp"
#include "procedure/marking.hpp"

#include <algorithm>

using namespace comity;
using namespace comity::procedure;
using namespace comity::procedure::test;
using comity::to_text;

namespace {

constexpr Milliseconds tick{1};

Instant at(std::string_view text) {
    const auto instant = instant_from(text);
    REQUIRE_MESSAGE(instant, std::string(text));
    return *instant;
}

Marking after(const Graph& graph, const std::vector<std::string>& acts, Instant now) {
    Marking marking = start(graph);
    const Dates dates{{"retention_end", now + std::chrono::days{60}}};
    for (const auto& act : acts) {
        auto next = execute(graph, marking, act, now, dates);
        REQUIRE_MESSAGE(next, act << ": " << (next ? "" : next.error().facts.text()));
        marking = *next;
    }
    return marking;
}

Instant due(const Graph& graph, const Marking& marking, std::string_view act) {
    const auto list = owed(graph, marking);
    const auto place =
        std::find_if(list.begin(), list.end(), [&](const Owed& item) { return item.name == act; });
    REQUIRE_MESSAGE(place != list.end(), std::string(act));
    return place->due;
}

struct Row {
    const char* procedure;
    std::vector<std::string> acts;
    const char* when;
    const char* owes;
    const char* due;
};

const std::vector<std::string> mla_produced = {"request", "authorise", "transmit", "acknowledge",
                                               "accept",  "order",     "produce"};

} // namespace

TEST_CASE(
    "T18 what is owed falls due to the millisecond, over month ends, leap days and clock changes") {
    const std::vector<Row> rows = {
        {"mla", {"request"}, "2028-02-25T09:00:00.001Z", "authorise", "2028-03-03T09:00:00.001Z"},
        {"mla", {"request"}, "2027-02-25T09:00:00.001Z", "authorise", "2027-03-04T09:00:00.001Z"},
        {"mla",
         {"request", "authorise"},
         "2026-12-30T12:00:00Z",
         "transmit",
         "2027-01-02T12:00:00Z"},
        {"mla",
         {"request", "authorise", "transmit"},
         "2026-03-28T12:00:00+01:00",
         "acknowledge",
         "2026-03-30T13:00:00+02:00"},
        {"mla",
         {"request", "authorise", "transmit", "acknowledge"},
         "2028-01-31T00:00:00Z",
         "accept",
         "2028-03-01T00:00:00Z"},
        {"mla", mla_produced, "2026-02-28T23:30:00+01:00", "notify", "2026-03-31T00:30:00+02:00"},
        {"mla", mla_produced, "2026-10-10T20:30:00-04:00", "notify", "2026-11-09T19:30:00-05:00"},
        {"emergency",
         {"request"},
         "2026-10-25T02:30:00+02:00",
         "certify",
         "2026-10-25T02:30:00+01:00"},
        {"emergency",
         {"request", "certify"},
         "2026-03-27T18:00:00+01:00",
         "authorise",
         "2026-03-29T19:00:00+02:00"},
        {"emergency",
         {"request", "certify"},
         "2028-02-28T06:00:00Z",
         "authorise",
         "2028-03-01T06:00:00Z"},
        {"extraordinary",
         {"request", "authorise", "transmit"},
         "2026-03-06T20:00:00-05:00",
         "acknowledge",
         "2026-03-07T20:00:00-05:00"},
        {"extraordinary",
         {"request", "authorise", "transmit", "acknowledge"},
         "2026-03-06T20:00:00-05:00",
         "clear",
         "2026-03-10T21:00:00-04:00"},
    };
    for (const auto& row : rows) {
        const auto graph = Graph::make(law(row.procedure), {"access", false});
        const auto marking = after(graph, row.acts, at(row.when));
        CHECK_MESSAGE(
            due(graph, marking, row.owes) == at(row.due), row.procedure, ": ", row.owes, " is due ",
            to_text(due(graph, marking, row.owes)), ", not ", row.due);
    }
}

TEST_CASE("T03 the 48 hours of a judge are 48 hours also in the night when clocks change") {
    const auto graph = Graph::make(law("emergency"), {"access", false});
    for (const auto& [certified, end] : std::vector<std::pair<const char*, const char*>>{
             {"2026-03-27T18:00:00+01:00", "2026-03-29T19:00:00+02:00"},
             {"2026-10-23T18:00:00+02:00", "2026-10-25T17:00:00+01:00"},
             {"2028-02-28T06:00:00Z", "2028-03-01T06:00:00Z"},
             {"2026-12-30T23:59:59.999Z", "2027-01-01T23:59:59.999Z"}}) {
        const auto marking = after(graph, {"request", "certify"}, at(certified));
        CHECK_FALSE(can(graph, marking, "lapse-authorisation", at(end) - tick));
        CHECK(can(graph, marking, "lapse-authorisation", at(end)));
        CHECK(can(graph, marking, "lapse-authorisation", at(end) + tick));
        CHECK(can(graph, marking, "authorise", at(end) + tick)); // until the lapse is admitted
        CHECK(next_clock(graph, marking)->at == at(end));
    }
}

TEST_CASE("N2 the 96 hours of the receiving country are not shortened by summer time") {
    const auto graph = Graph::make(law("extraordinary"), {"access", true});
    const Instant told = at("2026-03-06T20:00:00-05:00");
    const auto marking = after(graph, {"request", "authorise", "transmit", "acknowledge"}, told);
    for (const char* act : {"lapse-clearance", "lapse-third"}) {
        const Instant end = at("2026-03-10T21:00:00-04:00");
        CHECK_FALSE(can(graph, marking, act, end - tick));
        CHECK(can(graph, marking, act, end));
        // What a wall clock in that country would have called 96 hours is an hour too soon.
        CHECK_FALSE(can(graph, marking, act, at("2026-03-10T20:00:00-04:00")));
    }
}

TEST_CASE("T33 a deferral may reach as far as the law says, to the millisecond, and no further") {
    struct Most {
        const char* procedure;
        std::vector<std::string> acts;
        const char* now;
        const char* last;
    };

    const std::vector<std::string> ordinary = {"request", "authorise", "transmit", "acknowledge",
                                               "accept",  "order",     "produce"};
    for (const Most& row :
         {Most{"mla", ordinary, "2027-09-02T12:00:00Z", "2028-02-29T12:00:00Z"},
          Most{"mla", ordinary, "2026-02-27T12:00:00Z", "2026-08-26T12:00:00Z"},
          Most{
              "extraordinary",
              {"request", "authorise", "transmit", "acknowledge", "clear", "produce"},
              "2026-12-31T23:00:00Z",
              "2027-03-31T23:00:00Z"}}) {
        const auto graph = Graph::make(law(row.procedure), {"access", false});
        const auto marking = after(graph, row.acts, at(row.now));
        const auto defer = [&](Instant until) {
            return execute(graph, marking, "defer-notice", at(row.now), {{"until", until}});
        };
        CHECK(defer(at(row.last) - tick));
        CHECK(defer(at(row.last)));
        CHECK_FALSE(defer(at(row.last) + tick));
        CHECK_FALSE(defer(at(row.now)));
        CHECK(defer(at(row.now) + tick));
    }
}

TEST_CASE(
    "X5_ the end of retention is a day of the calendar: five years from a leap day, and no more") {
    const auto graph = Graph::make(law("mla"), {"access", false});

    struct Kept {
        const char* received;
        const char* last;
    };

    for (const Kept& row :
         {Kept{"2028-02-29T10:00:00Z", "2033-02-28T10:00:00Z"},
          Kept{"2027-02-28T10:00:00Z", "2032-02-28T10:00:00Z"},
          Kept{"2026-12-31T23:59:59.999Z", "2031-12-31T23:59:59.999Z"}}) {
        const Instant now = at(row.received);
        auto acts = mla_produced;
        acts.emplace_back("release");
        const auto marking = after(graph, acts, now);
        const auto receive = [&](Instant end) {
            return execute(graph, marking, "receive", now, {{"retention_end", end}});
        };
        CHECK(receive(at(row.last) - tick));
        const auto whole = receive(at(row.last));
        REQUIRE(whole);
        CHECK(due(graph, *whole, "delete") == at(row.last));
        CHECK_FALSE(receive(at(row.last) + tick));
        CHECK_FALSE(receive(now));
    }
}
