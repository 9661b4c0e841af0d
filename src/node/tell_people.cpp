// The digest for one person: at most one in a while, and only when something came since the last.
#include "node/tell_people.hpp"

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/said.hpp"
#include "base/said_json.hpp"
#include "base/said_list.hpp"
#include "crypto/hash.hpp"
#include "node/hands.hpp"
#include "node/own_books.hpp"
#include "node/retry.hpp"
#include "node/roll_chain.hpp"
#include "node/roll_index.hpp"

#include <algorithm>
#include <set>

namespace comity::node {

namespace {

constexpr std::string_view kind = "mail";
constexpr std::string_view owner = "node";
constexpr std::string_view purpose = "mail wishes";
constexpr std::size_t local_bytes = 64; // RFC 5321 section 4.5.3.1.1
constexpr std::size_t label_bytes = 63;
constexpr std::size_t reference_bytes = 8;
// An act is noted with the time at which it was judged and written a little later. What is younger
// than this may have others beside it that nobody sees yet: it is told with the next.
constexpr Milliseconds settles{std::chrono::seconds{10}};
constexpr Milliseconds retry_first{std::chrono::minutes{1}};
constexpr Milliseconds retry_most{std::chrono::hours{1}};

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A dot-atom: what needs no quotes, and so nothing that could end a header or a command.
bool is_local(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~.";
    return !text.empty() && text.size() <= local_bytes && text.front() != '.' &&
           text.back() != '.' && text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
           });
}

bool is_domain(std::string_view text) {
    std::size_t labels = 0;
    while (true) {
        const auto dot = text.find('.');
        const auto label = text.substr(0, dot);
        if (label.empty() || label.size() > label_bytes || label.front() == '-' ||
            label.back() == '-' || !std::all_of(label.begin(), label.end(), [](char c) {
                return is_letter_or_digit(c) || c == '-';
            }))
            return false;
        ++labels;
        if (dot == std::string_view::npos) return labels > 1;
        text.remove_prefix(dot + 1);
    }
}

bool belongs(std::string_view domain, std::string_view to) {
    return domain == to || (domain.size() > to.size() + 1 && domain.ends_with(to) &&
                            domain[domain.size() - to.size() - 1] == '.');
}

KeptRow seal_wish(const Node& node, const PersonId& person, const MailWish& wish) {
    const auto number = [](Instant at) {
        return std::int64_t{at.time_since_epoch().count()};
    };
    KeptRow row;
    row.kind = kind;
    row.owner = owner;
    row.name = person.str();
    row.updated = node.now();
    row.sealed = seal_own(
        node, purpose,
        json::print(json::Object{
            {"address", wish.address},
            {"language", wish.language},
            {"sent", number(wish.sent)},
            {"told", number(wish.told)},
            {"attempts", wish.attempts},
            {"refused", wish.refused},
            {"next_try", number(wish.next_try)},
            {"problem", said_value(wish.problem)}}),
        row.name);
    return row;
}

std::optional<MailWish> open_wish(const Node& node, const KeptRow& row) {
    const auto object = open_own_object(node, purpose, row.sealed, row.name);
    if (!object) return std::nullopt; // sealed under a key that this node no longer has
    json::Reader in{*object, "wish"};
    MailWish out;
    out.address = in.string("address");
    out.language = in.string("language");
    out.sent = Instant{Milliseconds{in.integer("sent")}};
    out.told = Instant{Milliseconds{in.integer("told")}};
    out.attempts = in.integer("attempts");
    out.refused = in.integer("refused");
    out.next_try = Instant{Milliseconds{in.integer("next_try")}};
    // What an older program kept is its English, and a value in every language.
    if (const auto* problem = in.any_if("problem"))
        if (auto told = said_from(*problem)) out.problem = std::move(*told);
    if (!in.done()) return std::nullopt;
    return out;
}

// Every wish with its person; those that cannot be read any more are left out.
std::vector<std::pair<PersonId, MailWish>> all_wishes(const Node& node, StoreReader& reader) {
    std::vector<std::pair<PersonId, MailWish>> out;
    for (const auto& row : reader.kept(kind, owner, "", limits::mail_wishes))
        if (auto wish = open_wish(node, row))
            out.emplace_back(PersonId(row.name), std::move(*wish));
    return out;
}

struct Standing {
    bool on_roll = false;
    std::set<std::string> roles; ///< in which they may act today
};

Standing standing_of(Node& node, const PersonId& person) {
    Standing out;
    for (const auto& found : node.roll().of(person)) {
        const auto& entry = found.sealed.entry;
        if (found.ended || !entry_in_force(node, entry, found.sealed.hash)) continue;
        out.on_roll = true;
        // Without training nothing waits for them: they could not do it (R8).
        if (node.now() < entry.trained_until)
            out.roles.insert(entry.roles.begin(), entry.roles.end());
    }
    return out;
}

bool new_for_roles(StoreReader& reader, const Standing& who, Instant since, Instant until) {
    return std::any_of(who.roles.begin(), who.roles.end(), [&](const auto& role) {
        const auto all = reader.count_duties(role, since, limits::mail_counted);
        return all == limits::mail_counted ||
               all > reader.count_duties(role, until, limits::mail_counted);
    });
}

// Whether somebody else gave them cases, or had them stand in for somebody. After a flood of
// statements the oldest are not looked at: whoever has cases sees them in the worklist.
bool given_by_others(StoreReader& reader, const PersonId& person, Instant since, Instant until) {
    constexpr Digest first{};
    const auto rows =
        reader.hand_statements(std::pair(until + Milliseconds{1}, first), limits::mail_counted);
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
        if (row.at <= since) return false;
        const auto statement = read_row(row).statement;
        const auto* given = std::get_if<HandOver>(&statement.deed);
        const auto* stands_in = std::get_if<StandIn>(&statement.deed);
        return statement.by != person &&
               ((given && given->to == person) || (stands_in && stands_in->person == person));
    });
}

bool something_new(Node& node, const PersonId& person, const Standing& who, Instant since) {
    const Instant until = node.now() - settles;
    bool out = false;
    node.store().read([&](StoreReader& reader) {
        out = new_for_roles(reader, who, since, until) ||
              given_by_others(reader, person, since, until);
    });
    return out;
}

Mail mail_for(const Node& node, const MailWish& wish) {
    Mail out;
    out.id = to_hex(crypto::random_bytes(reference_bytes));
    out.to = wish.address;
    out.language = wish.language;
    out.at = node.now();
    out.subject = say("Something new waits for you").in(wish.language);
    const auto line = [&](const Said& said) {
        return said.in(wish.language) + "\n";
    };
    out.text =
        line(say("Something new waits for you at your organisation’s Comity node.")) + "\n" +
        line(say("Sign in to see it:")) + node.settings().mail.link + "\n\n" +
        line(say("Reference of this message: {}", out.id)) + "\n" +
        line(say(
            "The node writes because you asked it to, and never of a case. You end it after signing in, under your passkeys."));
    return out;
}

// A wish that was changed or ended meanwhile is left as it is now.
void put_back(Node& node, const PersonId& person, const MailWish& before, const MailWish& after) {
    node.store().write([&](StoreWriter& writer) {
        const auto there = find_mail_wish(node, writer, person);
        if (!there || there->address != before.address || there->sent != before.sent) return;
        writer.put_kept(seal_wish(node, person, after));
    });
}

bool tell_one(Node& node, Mailer& mailer, const PersonId& person, const MailWish& wish) {
    const Instant now = node.now();
    const auto who = standing_of(node, person);
    if (!who.on_roll) {
        end_mail(node, person);
        return false;
    }
    if (given_up(wish) || now < wish.sent + node.settings().mail.pause || now < wish.next_try ||
        !something_new(node, person, who, wish.told))
        return false;
    const auto mail = mail_for(node, wish);
    auto after = wish;
    const auto posted = mailer.post(mail, after.problem);
    if (posted == Posted::taken) {
        after.sent = now;
        after.told = now - settles;
        after.attempts = 0;
        after.refused = 0;
        after.problem = {};
        node.log("mail sent", {{"person", person.str()}, {"reference", mail.id}});
    } else {
        after.attempts += 1;
        if (posted == Posted::refused) after.refused += 1;
        after.next_try = now + growing_wait(retry_first, retry_most, after.attempts);
        node.log(
            given_up(after) ? "mail given up" : "mail not sent",
            {{"person", person.str()}, {"problem", after.problem.text()}});
    }
    put_back(node, person, wish, after);
    return posted == Posted::taken;
}

} // namespace

bool given_up(const MailWish& wish) {
    return wish.refused >= limits::mail_attempts;
}

Result<void> check_mail_address(const MailRules& rules, std::string_view address) {
    const auto at = address.rfind('@');
    const auto bad = [](Said why) {
        return refuse(Code::json_malformed, std::move(why));
    };
    const auto beyond = [](char c) {
        return static_cast<unsigned char>(c) >= 0x80;
    };
    if (std::any_of(address.begin(), address.end(), beyond))
        return bad(
            say("it has letters that only mail systems with SMTPUTF8 (RFC 6531) take; this node "
                "sends to addresses in ASCII only"));
    if (at == std::string_view::npos || address.size() > limits::mail_address_bytes ||
        !is_local(address.substr(0, at)) || !is_domain(address.substr(at + 1)))
        return bad(say("it is not written as an address such as name@ministry.example"));
    const auto domain = ascii_lower(address.substr(at + 1));
    if (std::none_of(rules.domains.begin(), rules.domains.end(), [&](const auto& to) {
            return belongs(domain, ascii_lower(to));
        }))
        return bad(say("this node writes to {} only", listed(rules.domains)));
    return {};
}

Result<void> wish_mail(
    Node& node, const PersonId& person, const std::string& address, const std::string& language) {
    const auto& rules = node.settings().mail;
    if (!rules.on) return refuse(Code::not_found, say("this node sends no e-mail"));
    TRY_VOID(check_mail_address(rules, address));
    if (std::find(text_languages.begin(), text_languages.end(), language) == text_languages.end())
        return refuse(Code::json_malformed, say("language is one of {}", listed(text_languages)));
    Result<void> done;
    node.store().write([&](StoreWriter& writer) {
        done = {};
        if (!writer.find_kept(kind, owner, person.str()) &&
            writer.kept(kind, owner, "", limits::mail_wishes).size() >= limits::mail_wishes) {
            done =
                refuse(Code::too_large, say("{} people wish for it already", limits::mail_wishes));
            return;
        }
        MailWish wish;
        wish.address = address;
        wish.language = language;
        wish.sent = node.now();
        wish.told = node.now();
        wish.next_try = node.now();
        writer.put_kept(seal_wish(node, person, wish));
    });
    return done;
}

void end_mail(Node& node, const PersonId& person) {
    node.store().write([&](StoreWriter& writer) { writer.remove_kept(kind, owner, person.str()); });
}

std::optional<MailWish> find_mail_wish(
    const Node& node, StoreReader& reader, const PersonId& person) {
    const auto row = reader.find_kept(kind, owner, person.str());
    return row ? open_wish(node, *row) : std::nullopt;
}

std::size_t mail_given_up(const Node& node, StoreReader& reader) {
    const auto all = all_wishes(node, reader);
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const auto& item) { return given_up(item.second); }));
}

std::size_t tell_people(Node& node, Mailer& mailer) {
    if (!node.settings().mail.on) return 0;
    std::vector<std::pair<PersonId, MailWish>> all;
    node.store().read([&](StoreReader& reader) { all = all_wishes(node, reader); });
    std::size_t told = 0;
    for (const auto& [person, wish] : all)
        if (tell_one(node, mailer, person, wish)) ++told;
    return told;
}

} // namespace comity::node
