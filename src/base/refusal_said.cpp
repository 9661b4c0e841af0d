// The sentence of a refusal by its pattern.
#include "base/refusal_said.hpp"

namespace comity {

Said sentence_of(const Refusal& refusal) {
    const auto& entry = refusal_entry(refusal.code);
    const auto own = [](const std::string& text, std::string_view from_table) {
        return text.empty() ? std::string(from_table) : text;
    };
    return say(
        "{}: {}. {} ({}). {}.", said(entry.what, {}), refusal.facts,
        said(own(refusal.rule, entry.rule), {}), own(refusal.source, entry.source),
        said(own(refusal.remedy, entry.remedy), {}));
}

} // namespace comity
