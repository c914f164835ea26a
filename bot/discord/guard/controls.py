"""Buttons and menus within Discord's limits; one that cannot be mended is left out."""

from bot.discord.guard.mended import Json, Notes
from bot.discord.guard.texts import shorten
from bot.discord.limits import BUTTON_LABEL, CUSTOM_ID, LINK, OPTION_TEXT, OPTIONS, PLACEHOLDER

ROW, BUTTON, MENU = 1, 2, 3
MENUS = frozenset({3, 5, 6, 7, 8})
IN_A_ROW = 5
_LINK, _PREMIUM = 5, 6
_NAMELESS = "…"


class Controls:
    """The controls of one message or form, whose ids have to differ."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._ids: set[str] = set()

    def row(self, row: Json) -> list[Json]:
        """Mend an action row; more buttons than fit go on in another."""
        found = [item for item in map(self.control, row.get("components", ())) if item is not None]
        return [
            {**row, "components": found[start : start + IN_A_ROW]} for start in range(0, len(found), IN_A_ROW)
        ]

    def control(self, control: Json) -> Json | None:
        """Mend a button or a menu; None if it cannot be shown."""
        if control.get("type") == BUTTON:
            return self._button(dict(control))
        if control.get("type") in MENUS:
            return self.menu(dict(control))
        return control

    def menu(self, menu: Json) -> Json | None:
        """Mend a menu in place; None if it cannot be shown."""
        shorten(menu, "placeholder", PLACEHOLDER, self._notes)
        options: list[Json] = []
        if menu.get("type") == MENU and not (options := self._options(menu)):
            self._notes.add(f"a menu without options was left out: {menu.get('custom_id')}")
            return None
        if not self.unique(menu):
            return None
        if options:
            menu["options"] = options
            menu["max_values"] = max(1, min(_number(menu, "max_values"), len(options)))
        menu["min_values"] = min(_number(menu, "min_values"), _number(menu, "max_values"))
        return menu

    def unique(self, item: Json) -> bool:
        """Tell whether the id of a control is one, and no other's."""
        id_ = item.get("custom_id")
        if not isinstance(id_, str) or not 0 < len(id_) <= CUSTOM_ID:
            self._notes.add(
                f"a control was left out, as its id has to have 1 to {CUSTOM_ID} characters: {id_}"
            )
            return False
        if id_ in self._ids:
            self._notes.add(f"a control was left out, as another has its id: {id_}")
            return False
        self._ids.add(id_)
        return True

    def _button(self, button: Json) -> Json | None:
        shorten(button, "label", BUTTON_LABEL, self._notes)
        if not str(button.get("label") or "").strip() and not button.get("emoji"):
            button["label"] = _NAMELESS
        needed = {_LINK: "url", _PREMIUM: "sku_id"}.get(button.get("style", 0))
        if needed is None:
            return button if self.unique(button) else None
        if not 0 < len(str(button.get(needed) or "")) <= LINK:
            self._notes.add(f"a button that leads nowhere was left out: {button.get('label')}")
            return None
        return button

    def _options(self, menu: Json) -> list[Json]:
        kept: dict[str, Json] = {}
        for given in menu.get("options", ()):
            option = dict(given)
            for key in ("label", "description"):
                shorten(option, key, OPTION_TEXT, self._notes)
                if not str(option.get(key) or "").strip():
                    option.pop(key, None)
            value = str(option.get("value") or "")
            option.setdefault("label", _NAMELESS)
            if not 0 < len(value) <= OPTION_TEXT or value in kept or len(kept) == OPTIONS:
                self._notes.add(f"an option of {menu.get('custom_id')} was left out: {value:.100}")
                continue
            kept[value] = option
        most = max(1, min(_number(menu, "max_values"), OPTIONS))
        chosen = [option for option in kept.values() if option.get("default")]
        for option in chosen[most:]:
            option["default"] = False
        return list(kept.values())


def _number(menu: Json, key: str) -> int:
    found = menu.get(key)
    return 1 if found is None else int(found)
