//! Short names of regions, as aws-sso-util writes them.

/// `eu-central-1` is `euce1`. What does not look like a region stays as it is.
pub fn short(region: &str) -> String {
    let mut parts = region.rsplitn(3, '-');
    let found = (|| {
        let (number, direction, area) = (parts.next()?, parts.next()?, parts.next()?);
        let direction = match direction {
            "north" => "no",
            "northeast" => "ne",
            "east" => "ea",
            "southeast" => "se",
            "south" => "so",
            "southwest" => "sw",
            "west" => "we",
            "northwest" => "nw",
            "central" => "ce",
            _ => return None,
        };
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let area = if area == "us-gov" { "gov" } else { area };
        (is_number && !area.is_empty()).then(|| format!("{area}{direction}{number}"))
    })();
    found.unwrap_or_else(|| region.to_owned())
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn the_vectors_of_aws_sso_util() {
        for (region, expected) in [
            ("us-east-1", "usea1"),
            ("us-gov-west-1", "govwe1"),
            ("ap-northeast-1", "apne1"),
            ("ap-southeast-2", "apse2"),
            ("ca-central-1", "cace1"),
            ("eu-south-2", "euso2"),
            ("me-central-1", "mece1"),
            ("il-central-1", "ilce1"),
            ("cn-north-1", "cnno1"),
            ("cn-northwest-1", "cnnw1"),
            ("mx-central-1", "mxce1"),
            ("ap-east-2", "apea2"),
            ("us-iso-east-1", "us-isoea1"),
            ("us-isob-east-1", "us-isobea1"),
            ("eusc-de-east-1", "eusc-deea1"),
            ("nowhere", "nowhere"),
            ("eu-middle-1", "eu-middle-1"),
            ("eu-west-x", "eu-west-x"),
        ] {
            assert_eq!(short(region), expected);
        }
    }
}
