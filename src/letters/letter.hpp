// A letter as data: what a ministry prints, signs and files. Everything a letter says is said in
// two languages beside one another where we know both (titles, labels, coded values), and once
// where only one text exists (what a person wrote). print.hpp makes a PDF of it.
#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"

#include <array>
#include <string>
#include <variant>
#include <vector>

namespace comity::letters {

/// The same thing in the two languages of the letter.
struct Both {
    std::string first;
    std::string second;

    bool operator==(const Both&) const = default;
};

/// A line of its own above what follows; level 1 to 3.
struct Heading {
    Both text;
    int level = 1;
    int depth = 0;
};

/// A label in both languages and what stands under it.
struct Entry {
    Both label;
    /// Both: coded values, said twice. std::string: a person's own words, set once over the width.
    std::variant<Both, std::string> value;
    int depth = 0;     ///< how far it is indented: fields of fields
    bool mono = false; ///< hashes and codes, where every character counts
};

/// A table; cells are said once. Its head is repeated on each page.
struct Table {
    std::vector<Both> head;
    std::vector<std::vector<std::string>> rows;
};

/// Words over the whole width in each language, one beside the other.
struct Paragraph {
    Both text;
};

using Block = std::variant<Heading, Entry, Table, Paragraph>;

/// The machine-readable act that travels inside the PDF.
struct Attachment {
    std::string name;
    std::string media_type;
    Both description;
    Bytes content;
};

struct Letter {
    std::array<std::string, 2> languages; ///< BCP 47: the writer's, then the reader's
    Both title;
    std::vector<std::string> from; ///< lines of the letterhead
    std::vector<std::string> to;
    std::vector<Block> blocks;
    std::string reference;    ///< stands at the foot of each page: case and number of the act
    std::string verification; ///< the act's hash in text form: what verification starts from
    std::string
        verification_url; ///< where a reader checks it; printed and set as a QR code; may be empty
    Instant dated;        ///< of the act, not of the printing: the same letter has the same bytes
    std::vector<Attachment> attachments;
};

} // namespace comity::letters
