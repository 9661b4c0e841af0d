// The table of sentences and the wording of deadlines.
#include "casefile/sentences.hpp"

#include "base/said.hpp"

#include <fmt/format.h>

namespace comity::casefile {

namespace {

struct Line {
    std::string_view act;
    std::string_view en; ///< as texts/sentences.txt has it
};

constexpr Line lines[] = {
    {"request", "An officer of {} drafted and signed the request"},
    {"certify", "A second officer of {} certified the emergency"},
    {"authorise", "The judge of {} authorised it"},
    {"decline", "The judge of {} declined it"},
    {"lapse-authorisation", "The time for the judge's decision has passed at {}"},
    {"transmit", "The central authority of {} examined and transmitted it"},
    {"answer", "The central authority of {} answered the questions"},
    {"withdraw", "The central authority of {} withdrew it"},
    {"acknowledge", "The central authority of {} acknowledged receipt"},
    {"ask", "The central authority of {} asked for more"},
    {"consult", "The central authority of {} consulted a country with a closer connection"},
    {"opine", "The central authority of {} gave its opinion"},
    {"lapse-consultation", "The consultation lapsed at {}"},
    {"freeze", "The central authority of {} asked the provider to preserve the data"},
    {"preserve", "{} preserved the data"},
    {"confirm", "The duty officer of {} confirmed it by call-back"},
    {"accept", "The central authority of {} accepted it"},
    {"refuse", "The central authority of {} refused it"},
    {"clear", "The central authority of {} cleared it"},
    {"lapse-clearance", "The window of {} passed without opposition"},
    {"oppose", "The central authority of {} opposed it"},
    {"clear-third", "The third country's authority {} cleared it"},
    {"lapse-third", "The third country's window passed at {}"},
    {"oppose-third", "The third country's authority {} opposed it"},
    {"order", "The judge of {} ordered the provider to produce"},
    {"object", "{} objected to the order"},
    {"uphold-objection", "The judge of {} upheld the objection"},
    {"dismiss-objection", "The judge of {} dismissed the objection"},
    {"unable", "{} stated that it cannot produce"},
    {"produce", "{} produced the data, encrypted"},
    {"release", "The central authority of {} checked the items against the grid and released them"},
    {"receive", "The officer of {} received them"},
    {"open", "The officer of {} opened them"},
    {"retain", "The judge of {} extended the retention"},
    {"delete", "The officer of {} deleted the data"},
    {"purge", "The central authority of {} purged its copies"},
    {"defer-notice", "The judge of {} deferred the notice"},
    {"notify", "{} notified the person concerned"},
    {"relay-notice", "{} passed the notice on to the account"},
    {"discard", "{} destroyed what it held for the case"},
    {"correct", "The central authority of {} admitted an error in the request"},
    {"challenge", "The person concerned challenged it, through {}"},
    {"uphold-challenge", "The judge of {} upheld the challenge"},
    {"dismiss-challenge", "The judge of {} dismissed the challenge"},
    {"inspect", "{} inspected the case"},
    {"suspend", "{} suspended the case"},
    {"resume", "{} lifted the suspension"},
    {"quash", "{} quashed the case"},
    {"review", "{} reviewed the case"},
};

} // namespace

std::string sentence(std::string_view act, std::string_view performer, std::string_view language) {
    for (const auto& line : lines)
        if (line.act == act) return say(line.en, performer).in(language);
    return say("{}: {}", performer, act).in(language);
}

bool is_language_tag(std::string_view tag) {
    return tag.size() >= 2 && tag.size() <= 12 &&
           tag.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               std::string_view::npos;
}

std::string relative(Instant due, Instant now, std::string_view language) {
    const bool late = due < now;
    const auto distance = late ? now - due : due - now;
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(distance).count();
    const bool french = language == "fr";
    std::string amount;
    if (minutes >= 48 * 60)
        amount = fmt::format("{} {}", minutes / 1440, french ? "jours" : "days");
    else if (minutes >= 60)
        amount = fmt::format("{} h", minutes / 60);
    else
        amount = fmt::format("{} min", minutes);
    if (late) return french ? fmt::format("{} de retard", amount) : fmt::format("{} late", amount);
    return french ? fmt::format("dans {}", amount) : fmt::format("in {}", amount);
}

} // namespace comity::casefile
