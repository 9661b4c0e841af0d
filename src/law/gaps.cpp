// Goes through the instruments, not the pairs: each joins the pairs of its parties. So the whole
// table takes one pass over some ten thousand pairs of parties.
#include "law/gaps.hpp"

#include <algorithm>
#include <tuple>

namespace comity::law {

namespace {

constexpr std::size_t at(Joined joined) {
    return static_cast<std::size_t>(joined);
}

/// For each pair of real countries what joins them; a square, of which half is used.
class Square {
public:
    explicit Square(const Library& library) {
        for (const auto& country : library.countries())
            if (!country.invented) countries_.push_back(&country);
        cells_.resize(countries_.size() * countries_.size(), Joined::none);
    }

    [[nodiscard]] const std::vector<const Country*>& countries() const { return countries_; }

    [[nodiscard]] Joined get(std::size_t a, std::size_t b) const {
        return cells_[a * countries_.size() + b];
    }

    void add(const Instrument& instrument, Day day) {
        // A supplement joins nobody whom its base does not join already.
        if (!instrument.binding || !instrument.basis_for_requests || instrument.supplement_to ||
            instrument.invented || instrument.territory)
            return;
        const auto kind =
            instrument.scope == Scope::offence_limited ? Joined::only_listed : Joined::any_offence;
        std::vector<std::pair<std::size_t, std::string_view>> parties;
        for (const auto& one : instrument.participants)
            if (one.part == Part::party) parties.emplace_back(index_of(one.country), one.country);
        for (std::size_t i = 0; i < parties.size(); ++i)
            for (std::size_t j = i + 1; j < parties.size(); ++j) {
                auto& cell = cells_[parties[i].first * countries_.size() + parties[j].first];
                if (cell >= kind) continue;
                const auto found =
                    binding(instrument, parties[i].second, parties[j].second, day, std::nullopt);
                if (found.state == Binding::State::binds) cell = kind;
            }
    }

private:
    [[nodiscard]] std::size_t index_of(std::string_view code) const {
        const auto found = std::lower_bound(
            countries_.begin(), countries_.end(), code,
            [](const Country* one, std::string_view wanted) { return one->code < wanted; });
        return static_cast<std::size_t>(found - countries_.begin());
    }

    std::vector<const Country*> countries_;
    std::vector<Joined> cells_;
};

std::vector<const Volume*> demand(const Library& library, const Country& a, const Country& b) {
    std::vector<const Volume*> out;
    for (const auto& volume : library.volumes())
        if (volume.country && volume.number &&
            (*volume.country == a.code || *volume.country == b.code))
            out.push_back(&volume);
    return out;
}

std::int64_t largest(const Gap& gap) {
    std::int64_t out = 0;
    for (const auto* volume : gap.demand)
        out = std::max(out, *volume->number);
    return out;
}

} // namespace

Group group_of(const Country& country) {
    if (country.eu) return Group::eu;
    if (country.coe) return Group::coe;
    if (country.commonwealth) return Group::commonwealth;
    return country.un ? Group::un : Group::other;
}

Gaps gaps(const Library& library, Day day, const std::optional<std::string>& country) {
    Square square(library);
    for (const auto& instrument : library.instruments())
        square.add(instrument, day);
    Gaps out;
    std::array<std::array<GroupCount, 5>, 5> groups{};
    const auto& countries = square.countries();
    for (std::size_t i = 0; i < countries.size(); ++i)
        for (std::size_t j = i + 1; j < countries.size(); ++j) {
            const auto& a = *countries[i];
            const auto& b = *countries[j];
            if (country && a.code != *country && b.code != *country) continue;
            const auto joined = square.get(i, j);
            const auto [low, high] = std::minmax(group_of(a), group_of(b));
            auto& count = groups[static_cast<std::size_t>(low)][static_cast<std::size_t>(high)];
            count.a = low;
            count.b = high;
            ++count.pairs;
            ++count.joined[at(joined)];
            ++out.pairs;
            ++out.joined[at(joined)];
            if (joined != Joined::any_offence)
                out.list.push_back({&a, &b, joined, demand(library, a, b)});
        }
    for (const auto& row : groups)
        for (const auto& count : row)
            if (count.pairs > 0) out.groups.push_back(count);
    std::sort(out.list.begin(), out.list.end(), [](const Gap& x, const Gap& y) {
        return std::tuple(x.joined, std::string_view(x.a->code), std::string_view(x.b->code)) <
               std::tuple(y.joined, std::string_view(y.a->code), std::string_view(y.b->code));
    });
    return out;
}

void by_demand(Gaps& gaps) {
    std::sort(gaps.list.begin(), gaps.list.end(), [](const Gap& x, const Gap& y) {
        return std::tuple(
                   -largest(x), x.joined, std::string_view(x.a->code),
                   std::string_view(x.b->code)) <
               std::tuple(
                   -largest(y), y.joined, std::string_view(y.a->code), std::string_view(y.b->code));
    });
}

} // namespace comity::law
