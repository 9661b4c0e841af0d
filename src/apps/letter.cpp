// What a letter needs, from the node's store, directory and law pack.
#include "apps/letter.hpp"

#include "act/seal.hpp"
#include "base/fault.hpp"
#include "directory/names.hpp"
#include "letters/compose.hpp"
#include "letters/print.hpp"
#include "node/export_case.hpp"
#include "node/gate.hpp"
#include "node/oversee.hpp"

#include <fmt/format.h>

#include <charconv>

namespace comity::apps {

namespace {

// Once where both languages say the same.
std::string both(const std::string& first, const std::string& second) {
    return first == second ? first : first + " / " + second;
}

std::string both_names(
    const directory::Directory& directory, const ParticipantId& id,
    const std::array<std::string, 2>& languages) {
    return both(
        directory::name_of(directory, id, languages[0]),
        directory::name_of(directory, id, languages[1]));
}

std::string role_in(std::string_view role, std::string_view language) {
    return Said::role(role).in(language.substr(0, language.find('-')));
}

// A title of the law library in both languages; what it does not know is shown as it is coded.
letters::Both in_both(
    const law::Text* title, std::string_view code, const std::array<std::string, 2>& languages) {
    const auto in = [&](const std::string& language) {
        return title ? title->in(language.substr(0, language.find('-'))) : std::string(code);
    };
    return {in(languages[0]), in(languages[1])};
}

// A treaty between two countries says which: its title does not.
letters::Both instrument_in_both(
    const law::Library& library, const law::Instrument& one,
    const std::array<std::string, 2>& languages) {
    auto out = in_both(&one.title, one.id, languages);
    if (one.kind != law::Kind::bilateral || one.participants.size() != 2) return out;
    const auto country = [&](const std::string& code) {
        const auto* found = library.country(code);
        return in_both(found ? &found->name : nullptr, code, languages);
    };
    const auto a = country(one.participants[0].country);
    const auto b = country(one.participants[1].country);
    out.first += fmt::format(" ({} – {})", a.first, b.first);
    out.second += fmt::format(" ({} – {})", a.second, b.second);
    return out;
}

// A frame whose codes are read in the law library; the node outlives it.
letters::Frame frame_in(const node::Node& node, const std::array<std::string, 2>& languages) {
    const auto& library = node.law().library();
    letters::Frame frame;
    frame.languages = languages;
    frame.country = [&library, languages](std::string_view code) {
        const auto* country = library.country(code);
        return in_both(country ? &country->name : nullptr, code, languages);
    };
    frame.coded = [&library, languages](std::string_view code) {
        if (const auto* instrument = library.instrument(code))
            return instrument_in_both(library, *instrument, languages);
        const auto* offence = library.offence(code);
        return in_both(offence ? &offence->title : nullptr, code, languages);
    };
    return frame;
}

// Where anybody reads what the node has of this act: a page of the pages
// (web/src/pages/verify.tsx). The custody of a case has no act of its own.
std::string verification_of(const directory::Participant& self, const std::string& act_hash) {
    if (act_hash.empty()) return {};
    const auto port = self.port == 443 ? std::string() : fmt::format(":{}", self.port);
    return fmt::format("https://{}{}/verify#{}", self.host, port, act_hash);
}

std::string draft_word(std::string_view language) {
    if (language.starts_with("fr")) return "projet";
    return language.starts_with("ar") ? "مسودة" : "draft";
}

// The addressee is the side that acts on it; where there is none, the other participants.
std::vector<std::string> addressees(
    const directory::Directory& directory, const casefile::Case& state, const act::Header& header,
    const std::array<std::string, 2>& languages) {
    std::vector<std::string> out;
    for (const auto& id : node::participants_of(directory, state)) {
        const auto* participant = directory.find(id);
        if (id != header.performer && participant &&
            participant->kind != directory::Kind::oversight)
            out.push_back(both_names(directory, id, languages));
    }
    return out;
}

Result<std::int64_t> number_of(std::string_view text) {
    std::int64_t out = 0;
    const auto end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || at != end || out < 1)
        return refuse(Code::not_found, fmt::format("letter {}", text));
    return out;
}

struct Found {
    casefile::Case state;
    std::optional<node::ActRow> row;
    std::optional<json::Object> fields;
    Result<void> may_read;
};

Found find(node::Node& node, const CaseId& id, std::int64_t sequence) {
    Found out;
    node.store().read([&](node::StoreReader& reader) {
        auto state = node::find_case(node, reader, id);
        if (!state) return;
        out.state = std::move(*state);
        out.row = reader.act_at(id, sequence);
        if (!out.row) return;
        out.may_read = node::may_read(node, reader, *out.row);
        if (out.may_read) out.fields = node::readable_fields(node, reader, *out.row);
    });
    return out;
}

} // namespace

Result<Bytes> print_letter(
    node::Node& node, const CaseId& id, std::string_view which,
    const std::array<std::string, 2>& languages) {
    TRY(const auto directory, node.directory());
    const bool receipt = which.starts_with("receipt-");
    const bool custody = which == "custody";
    std::int64_t sequence = 1;
    if (!custody) {
        TRY(sequence, number_of(receipt ? which.substr(8) : which));
    }
    auto found = find(node, id, sequence);
    if (!found.row) return refuse(Code::not_found, fmt::format("case {}, act {}", id.str(), which));
    const auto sealed = act::parse_sealed(found.row->seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    const auto& header = sealed->header;

    auto frame = frame_in(node, languages);
    frame.from = {both_names(*directory, custody ? node.self() : header.performer, languages)};
    // As the directory calls it now; its id where it stands there no more.
    const auto office_in = [&](const std::string& language) {
        return directory::office_name(*directory, header.performer, header.office, language);
    };
    const std::array office{office_in(languages[0]), office_in(languages[1])};
    if (!custody && !header.office.empty()) frame.from.push_back(both(office[0], office[1]));
    frame.to = addressees(*directory, found.state, header, languages);
    frame.case_id = id.str();
    frame.sequence = custody ? 0 : sequence;
    frame.act = header.act;
    frame.act_hash = custody ? "" : text(found.row->hash);
    frame.sealed_by = custody ? "" : header.performer.str();
    if (!custody && !header.person.empty())
        frame.approved_by = fmt::format(
            "{} ({})",
            both(
                fmt::format("{}, {}", office[0], role_in(header.role, languages[0])),
                fmt::format("{}, {}", office[1], role_in(header.role, languages[1]))),
            header.person.str());
    frame.admitted = custody ? found.state.last_admitted : found.row->admitted;
    const auto* self = directory->find(node.self());
    if (!custody && self)
        frame.record = fmt::format("{}, {}", self->record.origin, found.row->leaf);
    if (self) frame.verification_url = verification_of(*self, frame.act_hash);

    if (custody) {
        TRY(const auto certificate, node::custody_certificate(node, id));
        TRY(const auto letter, letters::custody_letter(certificate, frame));
        return letters::print_pdf(letter);
    }
    if (receipt) {
        const auto parsed = act::parse_receipt(found.row->receipt);
        if (!parsed)
            throw Fault("a stored receipt is not readable: " + parsed.error().facts.text());
        return letters::print_pdf(letters::receipt_letter(
            frame, both_names(*directory, parsed->receipt.keeper, languages)));
    }
    const auto graph = node::graph_of(node, found.state);
    const auto index = graph->find(header.act);
    const auto* form = index ? node.law().pack().form(graph->act(*index).form) : nullptr;
    if (!form)
        return refuse(Code::not_found, fmt::format("{} has no form and no letter", header.act));
    TRY_VOID(std::move(found.may_read));
    if (!found.fields)
        return refuse(
            Code::not_allowed,
            fmt::format("the body of act {} is not for this node, or was destroyed", which));
    return letters::print_pdf(letters::act_letter(*form, *found.fields, frame));
}

Result<Bytes> print_draft_letter(
    node::Node& node, const http::DraftToPrint& draft,
    const std::array<std::string, 2>& languages) {
    TRY(const auto directory, node.directory());
    const auto* form = node.law().pack().form(draft.form);
    if (!form) return refuse(Code::form_unknown, draft.form);
    auto frame = frame_in(node, languages);
    frame.from = {both_names(*directory, node.self(), languages), draft.office.str()};
    frame.to = {both_names(*directory, draft.to, languages)};
    frame.act = draft.form;
    frame.admitted = draft.saved;
    auto letter = letters::act_letter(*form, draft.fields, frame);
    letter.title.first += " – " + draft_word(languages[0]);
    letter.title.second += " – " + draft_word(languages[1]);
    letter.reference = draft_word(languages[0]) + " / " + draft_word(languages[1]);
    return letters::print_pdf(letter);
}

} // namespace comity::apps
