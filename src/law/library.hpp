// The law pack as types: one immutable library, made once from a pack and read by many threads. All
// that the rules, the pages and the command line know of the law comes from here.
#pragma once

#include "law/bond.hpp"
#include "law/floor.hpp"
#include "law/pack.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace comity::law {

class Library {
public:
    /// Reads and checks every data file of the pack: its form, its references, the floor and the
    /// procedures' bounds against it. Refuses with law_malformed, naming file, record and field,
    /// and what to do. Everything it hands out lives as long as it does.
    static Result<std::shared_ptr<const Library>> make(const Pack& pack);

    [[nodiscard]] const std::string& pack_digest() const { return pack_digest_; }

    /// In the order of their codes; invented ones among them.
    [[nodiscard]] const std::vector<Country>& countries() const { return countries_; }

    /// In the order of the files.
    [[nodiscard]] const std::vector<Offence>& offences() const { return offences_; }

    [[nodiscard]] const std::vector<DataCategory>& data_categories() const {
        return data_categories_;
    }

    /// Those of instruments.json, then the bilateral treaties.
    [[nodiscard]] const std::vector<Instrument>& instruments() const { return instruments_; }

    [[nodiscard]] const std::vector<Standard>& standards() const { return standards_; }

    [[nodiscard]] const std::vector<Volume>& volumes() const { return volumes_; }

    [[nodiscard]] const std::vector<CentralAuthority>& central_authorities() const {
        return authorities_;
    }

    [[nodiscard]] const Floor& floor() const { return floor_; }

    /// Null when there is none of that code or id.
    [[nodiscard]] const Country* country(std::string_view code) const;
    [[nodiscard]] const Offence* offence(std::string_view id) const;
    [[nodiscard]] const DataCategory* data_category(std::string_view id) const;
    [[nodiscard]] const Instrument* instrument(std::string_view id) const;
    [[nodiscard]] const Standard* standard(std::string_view id) const;
    [[nodiscard]] const CentralAuthority* central_authority(std::string_view country) const;
    [[nodiscard]] const Profile* profile(std::string_view country) const;

    /// What binds two countries on a day (F2). An unknown country or offence has nothing.
    [[nodiscard]] Between between(
        std::string_view a, std::string_view b, Day day, const Question& question = {}) const;

    /// The human-rights instruments that bind a country on a day (X4).
    [[nodiscard]] std::vector<const Instrument*> human_rights(
        std::string_view country, Day day) const;

    /// What the receiving country asks for, its profile joined with the floor.
    [[nodiscard]] Requirements requirements(
        std::string_view country, Category category, std::string_view procedure = {}) const;

    /// The instruments that name a country in any way, by their place in instruments().
    [[nodiscard]] const std::vector<std::size_t>& naming(std::string_view country) const;

private:
    Library() = default;
    friend class LibraryReader;

    std::string pack_digest_;
    std::vector<Country> countries_;
    std::vector<Offence> offences_;
    std::vector<DataCategory> data_categories_;
    std::vector<Instrument> instruments_;
    std::vector<Standard> standards_;
    std::vector<Volume> volumes_;
    std::vector<CentralAuthority> authorities_;
    std::map<std::string, Profile, std::less<>> profiles_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> naming_;
    Floor floor_;
};

} // namespace comity::law
