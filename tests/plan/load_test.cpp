// Reading what came in and how much work it was: tables with each fault, and histories.
#include "base/limits.hpp"
#include "plan/load.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace comity;
using namespace comity::plan;

namespace {

Instant at(std::string_view text) {
    return instant_from(text).value();
}

std::string table(std::size_t rows, const std::string& head = "arrived,work\n") {
    std::string out = head;
    for (std::size_t i = 0; i < rows; ++i)
        out += fmt::format("2026-03-{:02}T09:00:00Z,PT{}H30M\n", i + 1, i % 3);
    return out;
}

void refused(const Result<Load>& load, std::string_view part) {
    REQUIRE_FALSE(load);
    CHECK(load.error().code == Code::setting_invalid);
    CHECK_MESSAGE(
        load.error().facts.text().find(part) != std::string::npos, load.error().facts.text());
    CHECK_FALSE(load.error().remedy.empty());
}

Step mine(const char* person, const char* admitted, const char* role = "officer") {
    return {person, role, true, at(admitted)};
}

Step theirs(const char* admitted) {
    return {"someone", "officer", false, at(admitted)};
}

// Ten cases of one hour each by one person, a day apart.
History plain() {
    History out;
    for (int day = 1; day <= 10; ++day) {
        const auto text = fmt::format("2026-03-{:02}T", day);
        out.push_back(
            {theirs((text + "09:00:00Z").c_str()), mine("ada", (text + "10:00:00Z").c_str())});
    }
    return out;
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-9;
}

} // namespace

TEST_CASE("R6 a table of arrivals and work is read in any order of lines and columns") {
    const auto load = read_table(table(12));
    REQUIRE(load);
    CHECK(load->work.size() == 12);
    CHECK(load->gaps.size() == 11);
    CHECK(std::all_of(
        load->gaps.begin(), load->gaps.end(), [](double gap) { return near(gap, 24); }));
    CHECK(near(load->work[0], 0.5));
    CHECK(near(load->work[2], 2.5));
    CHECK((load->first == at("2026-03-01T09:00:00Z")));
    CHECK((load->last == at("2026-03-12T09:00:00Z")));
    CHECK(load->people == 0);

    std::string other = "\xEF\xBB\xBFoffice, work ,arrived\r\n";
    for (int day = 12; day >= 1; --day)
        other += fmt::format("x, PT{}H30M ,2026-03-{:02}T10:00:00+01:00\r\n", (day - 1) % 3, day);
    const auto same = read_table(other + "\n");
    REQUIRE(same);
    CHECK((*same == *load));
}

TEST_CASE("R6 a table that cannot be a load is refused with its line") {
    refused(read_table(""), "empty");
    refused(read_table("\n"), "line 1");
    refused(read_table("when,work\n"), "line 1");
    refused(read_table("arrived,work,work\n"), "line 1");
    refused(read_table(table(0)), "there are 0 cases; 10 are the least");
    refused(read_table(table(9)), "there are 9 cases");
    CHECK(read_table(table(10)));
    refused(read_table(table(3) + "2026-03-20T09:00:00Z\n"), "line 5 has 1 cells and not 2");
    refused(read_table(table(3) + "2026-03-20T09:00:00,PT1H\n"), "line 5 has no instant");
    refused(read_table(table(3) + "2026-03-20T09:00:00Z,6.5\n"), "line 5 has no time");
    refused(read_table(table(3) + "2026-03-20T09:00:00Z,P1D\n"), "line 5 has no time");
    refused(read_table(table(3) + "2026-03-20T09:00:00Z,-PT1H\n"), "line 5 has no time");
    std::string moment = "arrived,work\n";
    std::string idle = moment;
    for (int i = 1; i <= 10; ++i) {
        moment += "2026-03-01T09:00:00Z,PT1H\n";
        idle += fmt::format("2026-03-{:02}T09:00:00Z,PT0H\n", i);
    }
    refused(read_table(moment), "same moment");
    refused(read_table(idle), "no case took any work");
    refused(read_table(std::string(limits::plan_table_bytes + 1, 'x')), "are the most");
}

TEST_CASE("R6 a node's history shows work from when it could be done to when it was done") {
    const auto load = read_history(plain(), "");
    REQUIRE(load);
    CHECK(load->people == 1);
    CHECK(load->work.size() == 10);
    CHECK(near(load->work[3], 1));
    CHECK(near(load->gaps[0], 24));

    // A person works on one thing at a time: the second case began when the first was done.
    History busy = plain();
    busy.push_back({theirs("2026-03-01T09:00:00Z"), mine("ada", "2026-03-01T12:00:00Z")});
    const auto two = read_history(busy, "");
    REQUIRE(two);
    CHECK(near(two->work[1], 2));
    // Another person can work beside them.
    busy.back()[1].person = "ben";
    const auto beside = read_history(busy, "");
    REQUIRE(beside);
    CHECK(near(beside->work[1], 3));
    CHECK(beside->people == 2);
    // Several acts on one case add up; what a node or another participant does is not our work.
    busy.back() = {
        theirs("2026-03-01T09:00:00Z"), mine("ben", "2026-03-01T09:30:00Z"),
        theirs("2026-03-02T09:00:00Z"), mine("ben", "2026-03-02T09:15:00Z"),
        Step{"", "", true, at("2026-03-05T00:00:00Z")}};
    CHECK(near(read_history(busy, "")->work[0], 0.75));
}

TEST_CASE("R6 a step counts at most a working day, and the first act of a case not at all") {
    History history = plain();
    history[4][1].admitted = at("2026-03-05T17:00:00Z");
    CHECK(near(read_history(history, "")->work[4], 8));
    history[4][1].admitted = at("2026-03-05T17:00:01Z");
    CHECK(near(read_history(history, "")->work[4], 8));
    history[4][1].admitted = at("2026-03-05T16:59:00Z");
    CHECK(read_history(history, "")->work[4] < 8);
    // Our own request opens the case; how long it was drafted no record shows.
    history[4].erase(history[4].begin());
    refused(read_history(history, ""), "there are 9 cases");
}

TEST_CASE("R6 a history can be read for one role, and an empty one is refused") {
    refused(read_history({}, ""), "there are 0 cases");
    refused(read_history(plain(), "judge"), "there are 0 cases");
    CHECK((*read_history(plain(), "officer") == *read_history(plain(), "")));
    History mixed = plain();
    for (auto& steps : mixed)
        steps.push_back(
            mine("eve", to_text(steps.back().admitted + std::chrono::hours(2)).c_str(), "judge"));
    const auto judges = read_history(mixed, "judge");
    REQUIRE(judges);
    CHECK(judges->people == 1);
    CHECK(near(judges->work[0], 2));
    CHECK(near(read_history(mixed, "")->work[0], 3));
}
