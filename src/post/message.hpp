// A mail as it goes over the line (RFC 5322, RFC 2045 to 2047): every value of a header is made or
// checked here, and the text is base64, so that nothing in it can be a header or a command.
#pragma once

#include "node/tell_people.hpp"

namespace comity::post {

/// The date of RFC 5322 section 3.3, in UTC.
std::string mail_date(Instant at);

/// A header's text in UTF-8 as encoded words (RFC 2047), folded at whole characters.
std::string encoded_words(std::string_view text);

/// The message with CRLF line ends. Refuses an address, a language or an id that could be anything
/// else in a header: setting_invalid.
Result<Bytes> compose_mail(const node::Mail& mail, const std::string& from);

/// Whether it may stand in a header and in a command of SMTP: an address of ASCII without blanks,
/// brackets and quotes.
bool is_plain_address(std::string_view text);

} // namespace comity::post
