// E-mail to people of the roll who wish for it: that something new waits for them, where to sign
// in, and an opaque reference; never anything of a case. What waits is read from the worklist, so
// nothing is queued and nothing lost: who could not be told is told later, once, of all that came
// meanwhile.
#pragma once

#include "node/node.hpp"

namespace comity::node {

struct Mail {
    std::string id; ///< opaque: in the log, and in the message itself
    std::string to;
    std::string language;
    std::string subject;
    std::string text; ///< lines that end in \n
    Instant at;
};

enum class Posted {
    taken,
    refused, ///< for good, by what the server says (a code of 500 or more)
    failed   ///< not now
};

/// The organisation's mail server.
class Mailer {
public:
    virtual ~Mailer() = default;
    /// Waits, within the limits of time. `problem` says why not, without the address.
    virtual Posted post(const Mail& mail, Said& problem) = 0;
};

/// What a person wishes and how it stands.
struct MailWish {
    std::string address;
    std::string language;      ///< en, fr or ar
    Instant sent;              ///< the last mail, or when they wished it
    Instant told;              ///< of what came until then they know
    std::int64_t attempts = 0; ///< in vain since then
    std::int64_t refused = 0;  ///< of these, for good; above limits::mail_attempts none follows
    Instant next_try;
    Said problem; ///< of the last attempt; empty when it was taken
};

/// Whether the server has refused it so often that nothing is sent until its owner says so again.
bool given_up(const MailWish& wish);

/// An address as people write it, in ASCII (RFC 5321 section 4.1.2 without quoted forms), of a
/// domain that the settings name, or of one below it. Refuses with json_malformed, and says so
/// where the address needs a mail system with SMTPUTF8 (RFC 6531), which this node does not ask
/// for.
Result<void> check_mail_address(const MailRules& rules, std::string_view address);

/// From now on this person is told of what comes. Refuses with json_malformed, and with not_found
/// where the node sends no mail.
Result<void> wish_mail(
    Node& node, const PersonId& person, const std::string& address, const std::string& language);
void end_mail(Node& node, const PersonId& person);
std::optional<MailWish> find_mail_wish(
    const Node& node, StoreReader& reader, const PersonId& person);

/// How many wishes are given up: for administrators.
std::size_t mail_given_up(const Node& node, StoreReader& reader);

/// Tells who wishes and is owed word now; called on a beat. A wish of who has left the roll goes.
/// Returns how many were told.
std::size_t tell_people(Node& node, Mailer& mailer);

} // namespace comity::node
