// Making the library: every file read record by record, then everything that points from one to
// another followed, then the procedures' bounds held against the floor.
#include "law/library.hpp"

#include "base/limits.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace comity::law {

namespace {

/// The records of a data file; refuses a file that is missing or has anything beside them.
Result<const json::Array*> records_of(const Pack& pack, const std::string& path) {
    const auto* file = pack.data(path);
    if (!file) return bad_law(path, "is missing", "Put the file back; a pack is whole.");
    Record in(*file, path);
    in.any("schema_note");
    const auto& list = in.list("records");
    TRY_VOID(in.done());
    return &list;
}

/// What a reader looks for: the file and the record's own name.
std::string place_of(const std::string& path, const json::Value& record, std::size_t index) {
    if (const auto* object = record.if_object())
        for (const std::string_view key : {"id", "alpha2", "country"})
            if (const auto* name = object->if_contains(key); name && name->is_string())
                return fmt::format("{}, \"{}\"", path, std::string_view(name->as_string()));
    if (const auto* object = record.if_object()) {
        const auto* a = object->if_contains("a");
        const auto* b = object->if_contains("b");
        if (a && b && a->is_string() && b->is_string())
            return fmt::format(
                "{}, {}-{} (record {})", path, std::string_view(a->as_string()),
                std::string_view(b->as_string()), index + 1);
    }
    return fmt::format("{}, record {}", path, index + 1);
}

template <class T>
Result<void> read_all(
    const Pack& pack, const std::string& path, std::vector<T>& out,
    Result<T> (*read)(const json::Object&, std::string)) {
    TRY(const auto* list, records_of(pack, path));
    std::size_t index = 0;
    for (const auto& item : *list) {
        const auto place = place_of(path, item, index++);
        if (!item.is_object()) return bad_law(place, "is not an object", "Write a record.");
        TRY(auto one, read(item.as_object(), place));
        out.push_back(std::move(one));
    }
    return {};
}

template <class T, class Key>
Result<void> unique(const std::string& path, const std::vector<T>& list, Key key) {
    std::set<std::string_view> seen;
    for (const auto& one : list)
        if (!seen.insert(key(one)).second)
            return bad_law(
                path, fmt::format("\"{}\" stands twice", key(one)),
                "Keep one of the two records, and give the other another name if it is another.");
    return {};
}

template <class T, class Key>
const T* find(const std::vector<T>& sorted, std::string_view key, Key of) {
    const auto at =
        std::find_if(sorted.begin(), sorted.end(), [&](const T& one) { return of(one) == key; });
    return at == sorted.end() ? nullptr : &*at;
}

} // namespace

class LibraryReader {
public:
    explicit LibraryReader(const Pack& pack) : pack_(pack) {}

    Result<std::shared_ptr<const Library>> make() {
        out_.pack_digest_ = pack_.digest();
        TRY_VOID(read_files());
        TRY_VOID(check_names());
        TRY_VOID(check_instruments());
        TRY_VOID(check_references());
        TRY_VOID(read_floor_file());
        TRY_VOID(read_profiles());
        TRY_VOID(check_procedures());
        TRY_VOID(check_unknown_files());
        for (std::size_t i = 0; i < out_.instruments_.size(); ++i)
            for (const auto& one : out_.instruments_[i].participants)
                out_.naming_[one.country].push_back(i);
        return std::make_shared<const Library>(std::move(out_));
    }

private:
    Result<void> read_files() {
        TRY_VOID(read_all(pack_, "countries.json", out_.countries_, read_country));
        TRY_VOID(read_all(pack_, "offences.json", out_.offences_, read_offence));
        TRY_VOID(
            read_all(pack_, "data_categories.json", out_.data_categories_, read_data_category));
        TRY_VOID(read_all(pack_, "instruments.json", out_.instruments_, read_instrument));
        TRY_VOID(read_all(pack_, "bilateral_mlats.json", out_.instruments_, read_bilateral));
        TRY_VOID(
            read_all(pack_, "central_authorities.json", out_.authorities_, read_central_authority));
        TRY_VOID(read_all(pack_, "standards.json", out_.standards_, read_standard));
        return read_all(pack_, "volumes.json", out_.volumes_, read_volume);
    }

    Result<void> check_names() {
        TRY_VOID(unique("countries.json", out_.countries_, [](const Country& c) {
            return std::string_view(c.code);
        }));
        TRY_VOID(unique("offences.json", out_.offences_, [](const Offence& o) {
            return std::string_view(o.id);
        }));
        TRY_VOID(unique("data_categories.json", out_.data_categories_, [](const DataCategory& d) {
            return std::string_view(d.id);
        }));
        TRY_VOID(unique(
            "instruments.json and bilateral_mlats.json", out_.instruments_,
            [](const Instrument& i) { return std::string_view(i.id); }));
        TRY_VOID(
            unique("central_authorities.json", out_.authorities_, [](const CentralAuthority& a) {
                return std::string_view(a.country);
            }));
        TRY_VOID(unique("standards.json", out_.standards_, [](const Standard& s) {
            return std::string_view(s.id);
        }));
        TRY_VOID(unique(
            "volumes.json", out_.volumes_, [](const Volume& v) { return std::string_view(v.id); }));
        std::sort(
            out_.countries_.begin(), out_.countries_.end(),
            [](const Country& a, const Country& b) { return a.code < b.code; });
        for (const auto name : category_words)
            if (!out_.data_category(data_category_of(*category_from(name))))
                return bad_law(
                    "data_categories.json",
                    fmt::format("lacks \"{}\"", data_category_of(*category_from(name))),
                    "The categories of the forms all stand in this file.");
        return {};
    }

    Result<void> known_country(std::string_view place, const std::string& code) const {
        if (out_.country(code)) return {};
        return bad_law(
            place, fmt::format("names the country \"{}\"", code),
            "Enter it in countries.json, or correct the code.");
    }

    Result<void> known_category(std::string_view place, const std::string& id) const {
        if (out_.data_category(id)) return {};
        return bad_law(
            place, fmt::format("names the data category \"{}\"", id),
            "Enter it in data_categories.json, or correct the id.");
    }

    Result<void> known_instrument(std::string_view place, const std::string& id) const {
        if (out_.instrument(id)) return {};
        return bad_law(
            place, fmt::format("names the instrument \"{}\"", id),
            "Enter it in instruments.json, or correct the id.");
    }

    Result<void> check_instrument(const Instrument& one) const {
        const auto place = one.kind == Kind::bilateral
                               ? fmt::format("bilateral_mlats.json, \"{}\"", one.id)
                               : fmt::format("instruments.json, \"{}\"", one.id);
        for (const auto& participant : one.participants)
            TRY_VOID(known_country(place, participant.country));
        if (one.hub_country) TRY_VOID(known_country(place + ", hub_country", *one.hub_country));
        for (const auto& [a, b] : one.not_between) {
            TRY_VOID(known_country(place + ", not_between", a));
            TRY_VOID(known_country(place + ", not_between", b));
        }
        for (const auto& reservation : one.reservations) {
            TRY_VOID(known_country(place + ", reservations", reservation.country));
            for (const auto& what : reservation.excludes)
                if (what != "direct_to_provider")
                    TRY_VOID(known_category(place + ", reservations, excludes", what));
        }
        for (const auto* list :
             {&one.provides.categories, &one.provides.direct_to_provider.categories,
              &one.provides.minimum_penalty.categories})
            for (const auto& id : *list)
                TRY_VOID(known_category(place + ", provides", id));
        if (one.supplement_to)
            TRY_VOID(known_instrument(place + ", supplement_to", *one.supplement_to));
        return {};
    }

    Result<void> check_instruments() {
        for (auto& one : out_.instruments_) {
            TRY_VOID(check_instrument(one));
            // An invented country is bound by nothing real, and binds nobody real.
            const bool invented = std::all_of(
                one.participants.begin(), one.participants.end(),
                [&](const Participation& p) { return out_.country(p.country)->invented; });
            const bool some = std::any_of(
                one.participants.begin(), one.participants.end(),
                [&](const Participation& p) { return out_.country(p.country)->invented; });
            if (some && !invented)
                return bad_law(
                    one.id, "has invented and real countries as participants",
                    "Invented countries have instruments of their own.");
            if (one.kind == Kind::bilateral) one.invented = some;
            if (one.invented != some)
                return bad_law(
                    fmt::format("instruments.json, \"{}\"", one.id),
                    "does not say rightly whether it is invented",
                    "Write \"invented\": true exactly where the participants are invented.");
        }
        return {};
    }

    Result<void> check_listings(const std::string& place, const std::vector<Listing>& list) const {
        for (const auto& listing : list)
            TRY_VOID(known_instrument(place, listing.instrument));
        return {};
    }

    Result<void> check_references() {
        for (const auto& one : out_.offences_)
            TRY_VOID(check_listings(
                fmt::format("offences.json, \"{}\", listed_in", one.id), one.listed_in));
        for (const auto& one : out_.data_categories_)
            TRY_VOID(check_listings(
                fmt::format("data_categories.json, \"{}\", source_articles", one.id),
                one.articles));
        for (const auto& one : out_.authorities_)
            TRY_VOID(known_country("central_authorities.json", one.country));
        for (const auto& one : out_.standards_)
            for (const auto& id : one.rests_on)
                if (!out_.instrument(id) && !out_.standard(id))
                    return bad_law(
                        fmt::format("standards.json, \"{}\", rests_on", one.id),
                        fmt::format("names \"{}\"", id),
                        "Enter it in instruments.json or standards.json, or correct the id.");
        for (const auto& one : out_.volumes_)
            if (one.country)
                TRY_VOID(known_country(
                    fmt::format("volumes.json, \"{}\", country", one.id), *one.country));
        return {};
    }

    Result<void> read_floor_file() {
        const auto* file = pack_.data("floor.json");
        if (!file) return bad_law("floor.json", "is missing", "A pack without a floor is none.");
        if (const auto digest = pack_.file_digest("floor.json"); digest != floor_digest)
            return refuse(
                Code::law_malformed,
                fmt::format(
                    "floor.json has the digest {}, and this program was made for {}", digest,
                    floor_digest),
                "The floor is compiled in: no profile, instrument, setting or directory lowers it",
                "law/floor.json; docs/law.md, Floor",
                "Use the floor that belongs to this program, or the program that belongs to this floor");
        TRY(out_.floor_, read_floor(*file));
        for (const auto& rule : out_.floor_.categories)
            for (const auto& id : rule.listed_offences)
                if (!out_.offence(id))
                    return bad_law(
                        "floor.json, listed_offences", fmt::format("names \"{}\"", id),
                        "Enter it in offences.json, or correct the id.");
        std::size_t principles = 0;
        for (const auto& id : out_.floor_.principles) {
            const auto* standard = out_.standard(id);
            if (!standard || !standard->number)
                return bad_law(
                    "floor.json, principles", fmt::format("names \"{}\"", id),
                    "Name principles of standards.json.");
            ++principles;
        }
        if (principles != 13)
            return bad_law("floor.json, principles", "does not name all 13", "Name them all.");
        return {};
    }

    Result<void> read_profiles() {
        for (const auto& [path, content] : pack_.files()) {
            if (!path.starts_with("profiles/")) continue;
            TRY(auto profile, read_profile(*pack_.data(path), path));
            TRY_VOID(known_country(path, profile.country));
            TRY_VOID(check_against_floor(profile, out_.floor_));
            auto code = profile.country;
            out_.profiles_.emplace(std::move(code), std::move(profile));
        }
        return {};
    }

    /// The longest times a procedure gives, held against the floor's (graph.hpp reads the rest).
    Result<void> check_relation(
        const std::string& id, const json::Object& relation, const FloorRoute& route) const {
        const auto* is = relation.if_contains("is");
        const auto* to = relation.if_contains("to");
        if (!is || *is != "response" || !to || !to->is_array()) return {};
        const auto owes = [&](std::string_view act) {
            return std::any_of(to->as_array().begin(), to->as_array().end(), [&](const auto& one) {
                return one.is_string() && std::string_view(one.as_string()) == act;
            });
        };
        const auto text = [&](std::string_view key) -> std::string {
            const auto* value = relation.if_contains(key);
            return value && value->is_string() ? std::string(value->as_string()) : std::string();
        };
        const auto bound = [&](std::string_view key, const Period& most,
                               std::string_view what) -> Result<void> {
            const auto length = period_from(text(key));
            if (!length || !is_longer(*length, most)) return {};
            return refuse(
                Code::law_malformed,
                fmt::format(
                    "procedures/{}.json, relations: \"{}\" of {} is {}, and the floor allows {}",
                    id, key, what, text(key), to_text(most)),
                "No procedure lowers the floor", "law/floor.json",
                "Shorten it to the floor's length or less");
        };
        if (owes("delete")) TRY_VOID(bound("at_most", route.retention, "the end of retention"));
        if (owes("notify")) {
            TRY_VOID(bound("at_most", route.deferral, "the deferral of notice"));
            TRY_VOID(bound("within", route.notice, "the notice"));
        }
        return {};
    }

    Result<void> check_procedures() {
        for (const auto& id : pack_.procedures()) {
            const auto* file = pack_.data("procedures/" + id + ".json");
            const auto* relations = file ? file->if_contains("relations") : nullptr;
            if (!relations || !relations->is_array()) continue; // procedure/ refuses it
            for (const auto& one : relations->as_array())
                if (one.is_object())
                    TRY_VOID(check_relation(id, one.as_object(), out_.floor_.route(id)));
        }
        return {};
    }

    /// A file that nobody reads could hold rules that everybody believes in.
    Result<void> check_unknown_files() {
        static const std::set<std::string_view> known{
            "countries.json",   "offences.json",        "data_categories.json",
            "instruments.json", "bilateral_mlats.json", "central_authorities.json",
            "standards.json",   "volumes.json",         "floor.json"};
        for (const auto& [path, content] : pack_.files())
            if (!known.contains(path) && !path.starts_with("profiles/") &&
                !path.starts_with("forms/") && !path.starts_with("procedures/"))
                return bad_law(
                    path, "is no file of a law pack", "Take it out, or put it where it belongs.");
        return {};
    }

    const Pack& pack_;
    Library out_;
};

Result<std::shared_ptr<const Library>> Library::make(const Pack& pack) {
    return LibraryReader(pack).make();
}

const Country* Library::country(std::string_view code) const {
    const auto at = std::lower_bound(
        countries_.begin(), countries_.end(), code,
        [](const Country& one, std::string_view wanted) { return one.code < wanted; });
    return at == countries_.end() || at->code != code ? nullptr : &*at;
}

const Offence* Library::offence(std::string_view id) const {
    return find(offences_, id, [](const Offence& one) { return std::string_view(one.id); });
}

const DataCategory* Library::data_category(std::string_view id) const {
    return find(
        data_categories_, id, [](const DataCategory& one) { return std::string_view(one.id); });
}

const Instrument* Library::instrument(std::string_view id) const {
    return find(instruments_, id, [](const Instrument& one) { return std::string_view(one.id); });
}

const Standard* Library::standard(std::string_view id) const {
    return find(standards_, id, [](const Standard& one) { return std::string_view(one.id); });
}

const CentralAuthority* Library::central_authority(std::string_view country) const {
    return find(authorities_, country, [](const CentralAuthority& one) {
        return std::string_view(one.country);
    });
}

const Profile* Library::profile(std::string_view country) const {
    const auto at = profiles_.find(country);
    return at == profiles_.end() ? nullptr : &at->second;
}

const std::vector<std::size_t>& Library::naming(std::string_view country) const {
    static const std::vector<std::size_t> none;
    const auto at = naming_.find(country);
    return at == naming_.end() ? none : at->second;
}

Between Library::between(
    std::string_view a, std::string_view b, Day day, const Question& question) const {
    Between out;
    const auto* offence = question.offence ? this->offence(*question.offence) : nullptr;
    if (!country(a) || !country(b) || a == b || (question.offence && !offence)) return out;
    for (const auto index : naming(a)) {
        const auto& instrument = instruments_[index];
        if (instrument.supplement_to && instrument.find(b)) {
            const auto base = binding(
                *this->instrument(*instrument.supplement_to), a, b, day, question.territory);
            if (base.state != Binding::State::binds) {
                out.misses.push_back(
                    {&instrument, Miss::base_missing,
                     say("it supplements {}, which does not bind the two",
                         *instrument.supplement_to),
                     std::nullopt});
                continue;
            }
        }
        ask(instrument, a, b, day, question, offence, out);
    }
    // By scope, and within it in the order of the files.
    std::sort(out.bonds.begin(), out.bonds.end(), [](const Bond& x, const Bond& y) {
        return std::pair(x.instrument->scope, x.instrument) <
               std::pair(y.instrument->scope, y.instrument);
    });
    out.could_serve.push_back(
        {"comity",
         {"Comity", "Courtoisie internationale", "المجاملة الدولية"},
         say("the requested country may help of its own free will, under its own law"),
         nullptr});
    out.could_serve.push_back(
        {"reciprocity",
         {"Reciprocity", "Réciprocité", "المعاملة بالمثل"},
         say("the requesting country undertakes to do the same in a like case"),
         nullptr});
    return out;
}

std::vector<const Instrument*> Library::human_rights(std::string_view country, Day day) const {
    std::vector<const Instrument*> out;
    for (const auto index : naming(country)) {
        const auto& one = instruments_[index];
        if (one.scope != Scope::human_rights || !one.in_force.day || *one.in_force.day > day)
            continue;
        const auto* part = one.find(country);
        if (part->part != Part::party) continue;
        if (part->since.day.value_or(one.source.as_of) <= day) out.push_back(&one);
    }
    return out;
}

Requirements Library::requirements(
    std::string_view country, Category category, std::string_view procedure) const {
    return join(country, profile(country), floor_, category, procedure);
}

} // namespace comity::law
