// Rates for each partner: below, at and above them, and one that floods beside one that does not.
#include "http/rates.hpp"
#include "support/http_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::http;
using namespace std::chrono_literals;

namespace {

const directory::Rate three_at_once{3, 60}; // and one a second

Request request_of(const std::string& peer) {
    Request request;
    request.path = "/exchange/v1/acts";
    if (!peer.empty()) request.peer = peer;
    return request;
}

} // namespace

TEST_CASE("T54 a partner may call up to its rate, and after the time named again") {
    PartnerRates rates;
    const PartnerRates::Time start{};
    for (int call = 0; call < 3; ++call)
        CHECK_FALSE(rates.take("a", CallKind::acts, three_at_once, start).has_value());
    const auto wait = rates.take("a", CallKind::acts, three_at_once, start);
    REQUIRE(wait.has_value());
    CHECK(*wait == 1s);
    CHECK(rates.take("a", CallKind::acts, three_at_once, start + 999ms).has_value());
    CHECK_FALSE(rates.take("a", CallKind::acts, three_at_once, start + 1001ms).has_value());
    CHECK(rates.take("a", CallKind::acts, three_at_once, start + 1001ms).has_value());
    // A pause fills the bucket and no more than the bucket.
    for (int call = 0; call < 3; ++call)
        CHECK_FALSE(rates.take("a", CallKind::acts, three_at_once, start + 1h).has_value());
    CHECK(rates.take("a", CallKind::acts, three_at_once, start + 1h).has_value());
    // A clock that went back gives nothing.
    CHECK(rates.take("a", CallKind::acts, three_at_once, start).has_value());
}

TEST_CASE("T54 one partner's flood leaves the others, and its own other calls, their rates") {
    PartnerRates rates;
    const PartnerRates::Time start{};
    int refused = 0;
    for (int call = 0; call < 1'000; ++call)
        refused += rates.take("flood", CallKind::acts, three_at_once, start).has_value() ? 1 : 0;
    CHECK(refused == 997);
    CHECK_FALSE(rates.take("other", CallKind::acts, three_at_once, start).has_value());
    CHECK_FALSE(rates.take("", CallKind::acts, three_at_once, start).has_value());
    CHECK_FALSE(rates.take("flood", CallKind::evidence, three_at_once, start).has_value());
    CHECK_FALSE(rates.take("flood", CallKind::other, three_at_once, start).has_value());
}

TEST_CASE(
    "T54 over the rate the answer is 429 with code, words and Retry-After, and nothing is handled") {
    int handled = 0;
    directory::Rates rules = directory::Rules().rates;
    rules.acts = {2, 30};
    const auto handler = limited(
        std::make_shared<PartnerRates>(), CallKind::acts, [&] { return rules; },
        [&](const Request&) {
            ++handled;
            return text_response(200, "done");
        });
    CHECK(handler(request_of("a")).status == 200);
    CHECK(handler(request_of("a")).status == 200);
    const auto refused = handler(request_of("a"));
    CHECK(handled == 2);
    CHECK(refused.status == 429);
    const auto wait = refused.headers.find("Retry-After");
    REQUIRE(wait.has_value());
    CHECK((*wait == "2" || *wait == "1"));
    const auto refusal = refusal_from(refused);
    REQUIRE(refusal.has_value());
    CHECK(refusal->code == Code::rate_exceeded);
    CHECK(refusal->facts.text().find("2 calls") != std::string::npos);
    CHECK(handler(request_of("b")).status == 200);
    // The node's own programs are not counted.
    auto local = request_of("");
    local.local = true;
    for (int call = 0; call < 10; ++call)
        CHECK(handler(local).status == 200);
    // New rules hold at once.
    rules.acts = {2, 1'000'000};
    std::this_thread::sleep_for(5ms);
    CHECK(handler(request_of("a")).status == 200);
}
